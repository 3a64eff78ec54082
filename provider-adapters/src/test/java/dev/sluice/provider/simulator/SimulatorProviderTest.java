package dev.sluice.provider.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.provider.Beginning;
import dev.sluice.provider.ChatRequest;
import dev.sluice.provider.Endpoint;
import dev.sluice.provider.Phase;
import dev.sluice.provider.ProviderException;
import dev.sluice.provider.ProviderFailure;
import dev.sluice.stream.Chunk;
import dev.sluice.stream.FinishReason;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatorProviderTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Endpoint ENDPOINT =
            new Endpoint("simulator", URI.create("simulator:demo"), null, Map.of(), Duration.ofSeconds(1));
    private static final Vertx VERTX = Vertx.vertx();

    private final SimulatorProvider simulator = new SimulatorProvider(VERTX);

    @AfterAll
    static void closeVertx() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void answersToItsName() {
        assertThat(simulator.adapter()).isEqualTo("simulator");
    }

    @Test
    void playsTheWholeScriptInTheOrderThatChunksPromise() {
        List<Chunk> chunks = play(request("{'chunks':3,'interval_ms':1,'first_ms':1,'reasoning':2,'tool_call':true}"));

        assertThat(chunks.stream().map(chunk -> chunk.getClass().getSimpleName()))
                .containsExactly(
                        "Started",
                        "ReasoningDelta",
                        "ReasoningDelta",
                        "TextDelta",
                        "TextDelta",
                        "TextDelta",
                        "ToolCallDelta",
                        "ToolCallDelta",
                        "ToolCallDelta",
                        "ToolCallDelta",
                        "UsageReported",
                        "Finished");
        assertThat(chunks).last().isEqualTo(new Chunk.Finished(FinishReason.TOOL_CALLS));
    }

    @Test
    void countsWordsAsTokens() {
        List<Chunk> chunks = play(request("{'chunks':5,'interval_ms':0,'first_ms':0,'reasoning':2}"));

        Chunk.UsageReported reported = (Chunk.UsageReported) chunks.get(chunks.size() - 2);
        assertThat(reported.usage().inputTokens()).isEqualTo(3);
        assertThat(reported.usage().outputTokens()).isEqualTo(7);
        assertThat(reported.usage().reasoningTokens()).isEqualTo(2);
    }

    @Test
    void withoutScriptDemonstratesItselfPleasantly() {
        List<Chunk> chunks = play(request("{}"));

        assertThat(text(chunks)).startsWith("Sluice is a streaming gateway").endsWith(".");
        assertThat(chunks).hasSizeBetween(35, 50).last().isEqualTo(new Chunk.Finished(FinishReason.STOP));
    }

    @Test
    void saysTheSameToTheSameRequestAndRepeatsNothingOfIt() {
        String script = "{'chunks':200,'interval_ms':0,'first_ms':0}";

        List<Chunk> chunks = play(request(script));

        assertThat(chunks).isEqualTo(play(request(script)));
        assertThat(text(chunks)).doesNotContain("private").doesNotContain("  ");
    }

    @Test
    void failsOnlyTheFirstAttemptsOfEachRequest() {
        ChatRequest one = request("{'fail_first':2,'chunks':1,'interval_ms':0,'first_ms':0}");
        ChatRequest lookalike = request("{'fail_first':2,'chunks':1,'interval_ms':0,'first_ms':0}");

        assertThat(failure(one)).isInstanceOf(ProviderFailure.Server.class);
        assertThat(failure(lookalike)).isInstanceOf(ProviderFailure.Server.class);
        assertThat(failure(one)).isInstanceOf(ProviderFailure.Server.class);
        assertThat(play(one)).isNotEmpty();
        assertThat(failure(lookalike)).isInstanceOf(ProviderFailure.Server.class);
        assertThat(play(lookalike)).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "400, Rejected, false",
        "401, Unauthorized, false",
        "402, QuotaExhausted, false",
        "403, Unauthorized, false",
        "404, Rejected, false",
        "408, Server, true",
        "429, RateLimited, true",
        "498, Server, true",
        "500, Server, true",
        "529, Server, true"
    })
    void aStatusFailsAsTheRealOneWould(int status, String kind, boolean retryable) {
        ProviderFailure failure = failure(request("{'status':" + status + ",'retry_after':1.5}"));

        assertThat(failure.getClass().getSimpleName()).isEqualTo(kind);
        assertThat(failure.retryable()).isEqualTo(retryable);
        assertThat(failure.retryAfter().isPresent()).isEqualTo(retryable);
        failure.retryAfter().ifPresent(wait -> assertThat(wait).isEqualTo(Duration.ofMillis(1500)));
    }

    @Test
    void diesAfterSoManyTextChunks() {
        AssertSubscriber<Chunk> reader = subscribe(request("{'die_after':2,'interval_ms':0,'first_ms':0}"));

        ProviderException thrown = (ProviderException) reader.awaitFailure().getFailure();
        assertThat(thrown.failure())
                .isInstanceOfSatisfying(
                        ProviderFailure.Network.class,
                        network -> assertThat(network.phase()).isEqualTo(Phase.MID_STREAM));
        assertThat(reader.getItems()).hasSize(3);
    }

    @Test
    void goesOnAfterItsOwnWordsWhereverTheConnectionBroke() {
        ChatRequest request = request("{'chunks':70,'die_after':30,'interval_ms':0,'first_ms':0}");
        String whole = text(play(request("{'chunks':70,'interval_ms':0,'first_ms':0}")));

        String first = text(broken(request));
        String second = text(broken(simulator.continued(request, new Beginning(first, 1))));
        String third = text(play(simulator.continued(request, new Beginning(first + second, 1))));

        assertThat(first).isNotEmpty();
        assertThat(first + second + third).isEqualTo(whole);
        assertThat(third).hasSizeLessThan(second.length());
    }

    @Test
    void countsTheAttemptsAtTheRestWithThoseBefore() {
        ChatRequest request = request("{'fail_first':1,'interval_ms':0,'first_ms':0}");
        failure(request);

        assertThat(play(simulator.continued(request, new Beginning("something else", 1))))
                .isNotEmpty();
    }

    private List<Chunk> broken(ChatRequest request) {
        AssertSubscriber<Chunk> reader = subscribe(request);
        reader.awaitFailure();
        return reader.getItems();
    }

    @Test
    void fallsSilentAfterSoManyTextChunksAndCanStillBeCancelled() {
        AssertSubscriber<Chunk> reader = subscribe(request("{'stall_after':2,'interval_ms':0,'first_ms':0}"));

        reader.awaitItems(3);
        reader.cancel();

        assertThat(reader.getItems()).hasSize(3);
        reader.assertNotTerminated();
    }

    @Test
    void refusesToStreamWhenToldToAsOpenAiRefusesIt() {
        assertThat(failure(request("{'streams':false}")))
                .isEqualTo(new ProviderFailure.Rejected(
                        400, "unsupported_value", "stream", "The simulated model does not stream."));
    }

    @Test
    void givesAWholeAnswerInOnePieceWhateverBefallsItsStream() {
        String script = "'chunks':3,'interval_ms':1,'first_ms':1,'reasoning':2,'tool_call':true";
        List<Chunk> streamed = play(request("{" + script + "}"));

        List<Chunk> whole = playWhole(request("{" + script + ",'die_after':0,'stall_after':1,'streams':false}"));

        assertThat(whole.stream().map(chunk -> chunk.getClass().getSimpleName()))
                .containsExactly(
                        "Started", "ReasoningDelta", "TextDelta", "ToolCallDelta", "UsageReported", "Finished");
        assertThat(text(whole)).isEqualTo(text(streamed));
        assertThat(whole.get(3))
                .isEqualTo(new Chunk.ToolCallDelta(0, "call_simulated_0", "get_weather", "{\"city\":\"Turin\"}"));
        assertThat(whole.subList(4, 6)).isEqualTo(streamed.subList(streamed.size() - 2, streamed.size()));
    }

    @Test
    void aWholeAnswerFailsFirstLikeAStreamAndIsCountedWithIt() {
        ChatRequest request = request("{'fail_first':2,'chunks':1,'interval_ms':0,'first_ms':0}");

        assertThat(failure(request)).isInstanceOf(ProviderFailure.Server.class);
        assertThat(failure(simulator.whole(ENDPOINT, "demo", request))).isInstanceOf(ProviderFailure.Server.class);
        assertThat(playWhole(request)).hasSize(4);
    }

    @Test
    void givesNoMoreThanRequested() {
        AssertSubscriber<Chunk> reader = AssertSubscriber.create(3);
        simulator.stream(ENDPOINT, "demo", request("{'chunks':9,'interval_ms':0,'first_ms':0}"))
                .subscribe()
                .withSubscriber(reader);

        reader.awaitItems(3);
        assertThat(reader.getItems()).hasSize(3);
        reader.awaitNextItems(2);
        assertThat(reader.getItems()).hasSize(5);
        reader.request(Long.MAX_VALUE);
        assertThat(reader.awaitCompletion().getItems()).hasSize(12);
    }

    @Test
    void playsTheLongestScriptWithoutStarvingTheEventLoop() {
        Context context = VERTX.getOrCreateContext();
        AtomicInteger seen = new AtomicInteger();
        CompletableFuture<Integer> seenByOthers = new CompletableFuture<>();
        CompletableFuture<Void> ended = new CompletableFuture<>();

        context.runOnContext(_ -> {
            simulator.stream(ENDPOINT, "demo", request("{'chunks':100000,'interval_ms':0,'first_ms':0}"))
                    .subscribe()
                    .with(_ -> seen.incrementAndGet(), ended::completeExceptionally, () -> ended.complete(null));
            context.runOnContext(_ -> context.runOnContext(_ -> seenByOthers.complete(seen.get())));
        });

        ended.orTimeout(10, TimeUnit.SECONDS).join();
        assertThat(seen).hasValue(100_003);
        assertThat(seenByOthers.join()).isLessThan(2_000);
    }

    @Test
    void staysOnTheContextOfTheSubscriber() {
        Context context = VERTX.getOrCreateContext();
        Set<Context> seen = ConcurrentHashMap.newKeySet();
        CompletableFuture<Void> ended = new CompletableFuture<>();

        context.runOnContext(_ -> simulator.stream(
                        ENDPOINT, "demo", request("{'chunks':4,'interval_ms':2,'first_ms':2}"))
                .subscribe()
                .with(_ -> seen.add(Vertx.currentContext()), ended::completeExceptionally, () -> ended.complete(null)));

        ended.join();
        assertThat(seen).containsExactly(context);
    }

    @Test
    void cancellingStopsTheTimers() {
        AssertSubscriber<Chunk> reader = subscribe(request("{'interval_ms':1,'first_ms':1,'chunks':100000}"));
        reader.awaitItems(5);
        reader.cancel();
        AssertSubscriber<Chunk> later = subscribe(request("{'interval_ms':10,'first_ms':30,'chunks':2}"));

        int seen = reader.getItems().size();
        later.awaitCompletion();

        assertThat(reader.getItems()).hasSizeLessThanOrEqualTo(seen + 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'chunks':-1",
                "'chunks':100001",
                "'chunks':1.5",
                "'chunks':'3'",
                "'interval_ms':60001",
                "'first_ms':-5",
                "'fail_first':true",
                "'status':200",
                "'status':600",
                "'retry_after':-1",
                "'retry_after':'soon'",
                "'die_after':99999999999",
                "'stall_after':[]",
                "'tool_call':1",
                "'streams':0",
                "'reasoning':-1"
            })
    void refusesAValueThatCannotBeMeantAndNamesItsField(String field) {
        ProviderFailure failure = failure(request("{" + field + "}"));

        String name = field.substring(1, field.indexOf('\'', 1));
        assertThat(failure).isInstanceOfSatisfying(ProviderFailure.Rejected.class, rejected -> {
            assertThat(rejected.status()).isEqualTo(400);
            assertThat(rejected.code()).isEqualTo("invalid_value");
            assertThat(rejected.param()).isEqualTo("sluice.simulate." + name);
        });
    }

    @Test
    void refusesAScriptThatIsNoObjectOrHasAnUnknownField() {
        assertThat(failure(request("'fast'"))).isInstanceOf(ProviderFailure.Rejected.class);
        assertThat(failure(request("{'chunk':3}"))).isInstanceOf(ProviderFailure.Rejected.class);
    }

    @Test
    void anUnlawfulDemandEndsTheStream() {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        simulator.stream(ENDPOINT, "demo", request("{'stall_after':0}"))
                .subscribe()
                .with(subscription -> subscription.request(0), _ -> {}, failure::complete, () -> {});

        assertThat(failure.join()).isInstanceOf(IllegalArgumentException.class);
    }

    private AssertSubscriber<Chunk> subscribe(ChatRequest request) {
        return subscribe(simulator.stream(ENDPOINT, "demo", request));
    }

    private static AssertSubscriber<Chunk> subscribe(Multi<Chunk> answer) {
        return answer.subscribe().withSubscriber(AssertSubscriber.create(Long.MAX_VALUE));
    }

    private List<Chunk> playWhole(ChatRequest request) {
        return subscribe(simulator.whole(ENDPOINT, "demo", request))
                .awaitCompletion()
                .getItems();
    }

    private List<Chunk> play(ChatRequest request) {
        return subscribe(request).awaitCompletion().getItems();
    }

    private ProviderFailure failure(ChatRequest request) {
        return failure(simulator.stream(ENDPOINT, "demo", request));
    }

    private static ProviderFailure failure(Multi<Chunk> answer) {
        return ((ProviderException) subscribe(answer).awaitFailure().getFailure()).failure();
    }

    private static String text(List<Chunk> chunks) {
        return chunks.stream()
                .filter(Chunk.TextDelta.class::isInstance)
                .map(chunk -> ((Chunk.TextDelta) chunk).text())
                .collect(Collectors.joining());
    }

    private static ChatRequest request(String script) {
        try {
            ObjectNode body = (ObjectNode)
                    JSON.readTree("{\"messages\":[{\"role\":\"user\",\"content\":\"some private  words\"}]}");
            return new ChatRequest(body, JSON.readTree("{\"simulate\":" + script.replace('\'', '"') + "}"));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
