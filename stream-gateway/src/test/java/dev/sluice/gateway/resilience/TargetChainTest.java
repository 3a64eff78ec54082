package dev.sluice.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.routing.GivenAdapters;
import dev.sluice.gateway.testing.Configured;
import dev.sluice.gateway.testing.Examples;
import dev.sluice.gateway.time.VirtualTimers;
import dev.sluice.provider.ChatRequest;
import dev.sluice.provider.Endpoint;
import dev.sluice.provider.ModelProvider;
import dev.sluice.provider.Phase;
import dev.sluice.provider.ProviderException;
import dev.sluice.provider.ProviderFailure;
import dev.sluice.stream.Chunk;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TargetChainTest {

    private static final Target FIRST = Examples.target("one");
    private static final Target SECOND = Examples.target("two");
    private static final Target THIRD = Examples.target("three");
    private static final Target BLUNT = new Target(
            "blunt", FIRST.endpoint(), "blunt-model", FIRST.endpoint().name() + "/blunt-model", null);
    private static final ChatRequest REQUEST = ChatRequest.of(JsonNodeFactory.instance.objectNode());
    private static final ChatRequest WITH_TOOLS =
            ChatRequest.of(JsonNodeFactory.instance.objectNode().set("tools", JsonNodeFactory.instance.arrayNode()));

    private final Map<String, ScriptedUpstream> upstreams = new HashMap<>();
    private final GuardedStream guarded = new GuardedStream(GivenAdapters.of()) {
        @Override
        Multi<Chunk> open(Target target, ChatRequest request, AttemptObserver observer) {
            return upstream(target).call();
        }
    };
    private final GivenSettings given = new GivenSettings(Map.of());
    private final VirtualTimers timers = given.timers;
    private final RecordedAttempts attempts = new RecordedAttempts(timers);
    private final Breakers breakers = given.breakers();
    private final TargetChain chain = new TargetChain(
            new WholeAnswerFallback(
                    guarded,
                    Configured.with(
                            ResilienceConfig.class, Map.of("sluice.resilience.whole-answer-fallback", "false"))),
            GivenAdapters.of(new Choosy("scripted", true), new Choosy("blunt", false)),
            breakers,
            timers);

    @Test
    void callsNobodyButTheFirstWhenItAnswers() {
        AssertSubscriber<Chunk> reader = read(FIRST, SECOND);

        upstream(FIRST).text("Hello");
        upstream(FIRST).finish();

        reader.assertCompleted();
        assertThat(upstream(SECOND).calls()).isZero();
    }

    @Test
    void fallsBackInOrderUntilOneAnswers() {
        AssertSubscriber<Chunk> reader = read(FIRST, SECOND, THIRD);

        upstream(FIRST).breakDown(failure(ErrorCode.MAX_RETRIES_EXCEEDED, 502));
        upstream(SECOND).breakDown(failure(ErrorCode.CIRCUIT_OPEN, 503));
        upstream(THIRD).text("Hello");
        upstream(THIRD).finish();

        reader.assertCompleted();
        assertThat(attempts.told())
                .containsExactly("falling back to two/small-model", "falling back to three/small-model");
    }

    @Test
    void failsAsTheLastTargetFailed() {
        AssertSubscriber<Chunk> reader = read(FIRST, SECOND);

        upstream(FIRST).breakDown(failure(ErrorCode.SERVER, 502));
        upstream(SECOND).breakDown(failure(ErrorCode.PARSE, 502));

        assertThat(reader.getFailure())
                .isInstanceOfSatisfying(
                        GatewayException.class,
                        exception -> assertThat(exception.error().code()).isEqualTo(ErrorCode.PARSE));
    }

    @Test
    void asksTheNextTargetForTheRestOfWhatBrokeOff() {
        AssertSubscriber<Chunk> reader = read(FIRST, SECOND);
        upstream(FIRST).text("Hel");
        attempts.commit();
        attempts.continueWhatBreaksOff();
        attempts.interrupted(GatewayError.of(ErrorCode.NETWORK, "Reset."));

        upstream(FIRST).breakDown(failure(ErrorCode.NETWORK, 502));
        upstream(SECOND).text("lo");
        upstream(SECOND).finish();

        reader.assertCompleted();
        assertThat(attempts.told()).containsExactly("interrupted NETWORK", "falling back to two/small-model");
    }

    @Test
    void fallsBackNoMoreAfterTheCommitPoint() {
        AssertSubscriber<Chunk> reader = read(FIRST, SECOND);
        upstream(FIRST).text("Hello");
        attempts.commit();

        upstream(FIRST).breakDown(failure(ErrorCode.NETWORK, 502));

        reader.assertFailedWith(GatewayException.class);
        assertThat(upstream(SECOND).calls()).isZero();
        assertThat(attempts.told()).isEmpty();
    }

    @Test
    void asksNobodyElseWhenTheRequestIsWrong() {
        AssertSubscriber<Chunk> reader = read(FIRST, SECOND);

        upstream(FIRST).breakDown(failure(ErrorCode.PROVIDER_REJECTED, 400));

        reader.assertFailedWith(GatewayException.class);
        assertThat(upstream(SECOND).calls()).isZero();
    }

    @Test
    void asksNobodyElseAfterABugOfItsOwn() {
        AssertSubscriber<Chunk> reader = read(FIRST, SECOND);

        upstream(FIRST).breakDown(new IllegalStateException("a bug"));

        reader.assertFailedWith(IllegalStateException.class);
        assertThat(upstream(SECOND).calls()).isZero();
    }

    @Test
    void carriesACancellationToTheTargetThatAnswers() {
        AssertSubscriber<Chunk> reader = read(FIRST, SECOND);
        upstream(FIRST).breakDown(failure(ErrorCode.SERVER, 502));
        upstream(SECOND).text("Hello");

        reader.cancel();

        assertThat(upstream(FIRST).cancelled()).isZero();
        assertThat(upstream(SECOND).cancelled()).isEqualTo(1);
    }

    /** What the providers say, in their own words, is tested where it is read. */
    private static Stream<Arguments> failures() {
        return Stream.of(
                arguments(new ProviderFailure.Network(Phase.CONNECT, "No."), true),
                arguments(new ProviderFailure.RateLimited(null, "No."), true),
                arguments(new ProviderFailure.QuotaExhausted("No."), true),
                arguments(new ProviderFailure.Server(500, null, "No."), true),
                arguments(new ProviderFailure.Malformed("No."), true),
                arguments(new ProviderFailure.Unauthorized(401, "No."), true),
                arguments(new ProviderFailure.Unauthorized(403, "No."), true),
                arguments(new ProviderFailure.TimedOut(Phase.FIRST_CHUNK, Duration.ofSeconds(1), "No."), true),
                arguments(new ProviderFailure.Rejected(400, null, null, "No."), false),
                arguments(new ProviderFailure.Rejected(400, "content_policy_violation", null, "No."), false),
                arguments(new ProviderFailure.Rejected(400, "context_length_exceeded", null, "No."), true),
                arguments(new ProviderFailure.Rejected(400, "model_not_found", null, "No."), true),
                arguments(new ProviderFailure.Rejected(404, null, null, "No."), true),
                arguments(new ProviderFailure.Rejected(409, null, null, "No."), true),
                arguments(new ProviderFailure.Rejected(410, null, null, "No."), true),
                arguments(new ProviderFailure.Rejected(413, null, null, "No."), true),
                arguments(new ProviderFailure.Rejected(422, null, null, "No."), false),
                arguments(new ProviderFailure.Rejected(422, "context_length_exceeded", null, "No."), true));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void asksAnotherWhereTheFailureIsNotTheRequests(ProviderFailure failure, boolean another) {
        AssertSubscriber<Chunk> reader = read(FIRST, SECOND);

        upstream(FIRST).breakDown(failure(failure));

        assertThat(upstream(SECOND).calls()).isEqualTo(another ? 1 : 0);
        if (!another) {
            reader.assertFailedWith(GatewayException.class);
        }
    }

    @Test
    void asksTheTargetWithAnOpenBreakerLast() {
        open(FIRST);

        AssertSubscriber<Chunk> reader = read(FIRST, SECOND, THIRD);
        upstream(SECOND).breakDown(failure(ErrorCode.SERVER, 502));
        upstream(THIRD).text("Hello");
        upstream(THIRD).finish();

        reader.assertCompleted();
        assertThat(upstream(FIRST).calls()).isZero();
        assertThat(attempts.told()).containsExactly("falling back to three/small-model");
    }

    @Test
    void failsAsTheLastThatWasAskedWhenOnlyOpenBreakersAreLeft() {
        open(FIRST);

        AssertSubscriber<Chunk> reader = read(FIRST, SECOND);
        upstream(SECOND).breakDown(failure(ErrorCode.SERVER, 502));

        assertThat(upstream(FIRST).calls()).isZero();
        assertThat(attempts.told()).isEmpty();
        assertThat(reader.getFailure())
                .isInstanceOfSatisfying(
                        GatewayException.class,
                        exception -> assertThat(exception.error().code()).isEqualTo(ErrorCode.SERVER));
    }

    @Test
    void asksATargetWhosePauseEndsWhileOthersAreTried() {
        open(FIRST);

        AssertSubscriber<Chunk> reader = read(FIRST, SECOND);
        timers.advance(Duration.ofSeconds(60));
        upstream(SECOND).breakDown(failure(ErrorCode.SERVER, 502));
        upstream(FIRST).text("Hello");
        upstream(FIRST).finish();

        reader.assertCompleted();
        assertThat(attempts.told()).containsExactly("falling back to one/small-model");
    }

    @Test
    void probesATargetInItsOwnPlaceOnceItsPauseIsOverAndFallsBackFromIt() {
        open(FIRST);
        timers.advance(Duration.ofSeconds(60));

        AssertSubscriber<Chunk> reader = read(FIRST, SECOND);
        assertThat(upstream(FIRST).calls()).isEqualTo(1);
        breaker(FIRST).enter(timers.nanoTime(), Duration.ofSeconds(125));
        AssertSubscriber<Chunk> meanwhile = read(FIRST, SECOND);
        assertThat(upstream(FIRST).calls()).as("one probe at a time").isEqualTo(1);
        upstream(SECOND).finish();
        meanwhile.assertCompleted();

        upstream(FIRST).breakDown(failure(ErrorCode.NETWORK, 502));
        upstream(SECOND).finish();
        reader.assertCompleted();
    }

    @Test
    void refusesARequestWhenEveryBreakerIsOpenWithTheShortestWaitOfAll() {
        open(SECOND);
        timers.advance(Duration.ofSeconds(20));
        open(FIRST);
        timers.advance(Duration.ofSeconds(5));

        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() -> chain.admit(List.of(FIRST, SECOND), REQUEST))
                .satisfies(exception -> {
                    assertThat(exception.error().code()).isEqualTo(ErrorCode.CIRCUIT_OPEN);
                    assertThat(exception.error().status()).isEqualTo(503);
                    assertThat(exception.error().retryAfter()).isEqualTo(Duration.ofSeconds(35));
                });
        assertThat(chain.admit(List.of(FIRST, SECOND, THIRD), REQUEST)).containsExactly(FIRST, SECOND, THIRD);
        timers.advance(Duration.ofSeconds(35));
        assertThat(chain.admit(List.of(FIRST, SECOND), REQUEST)).containsExactly(FIRST, SECOND);
    }

    @Test
    void leavesOutTargetsWhoseProtocolCannotCarryTheRequest() {
        assertThat(chain.admit(List.of(BLUNT, FIRST), WITH_TOOLS)).containsExactly(FIRST);
        assertThat(chain.admit(List.of(BLUNT, FIRST), REQUEST)).containsExactly(BLUNT, FIRST);
    }

    @Test
    void refusesWhatNoTargetsProtocolCanCarry() {
        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() -> chain.admit(List.of(BLUNT), WITH_TOOLS))
                .satisfies(exception -> {
                    assertThat(exception.error().code()).isEqualTo(ErrorCode.INVALID_REQUEST);
                    assertThat(exception.error().status()).isEqualTo(400);
                    assertThat(exception.error().param()).isEqualTo("tools");
                });
    }

    private AssertSubscriber<Chunk> read(Target... targets) {
        return chain.stream(List.of(targets), REQUEST, attempts)
                .subscribe()
                .withSubscriber(AssertSubscriber.create(Long.MAX_VALUE));
    }

    private ScriptedUpstream upstream(Target target) {
        return upstreams.computeIfAbsent(target.endpoint().name(), _ -> new ScriptedUpstream());
    }

    private static GatewayException failure(ErrorCode code, int status) {
        return new GatewayException(new GatewayError(code, status, "No.", null, null, null, Phase.HEAD, null));
    }

    private static GatewayException failure(ProviderFailure failure) {
        return new GatewayException(GatewayError.of(failure, Phase.HEAD), new ProviderException(failure));
    }

    private Breaker breaker(Target target) {
        return breakers.of(target);
    }

    private void open(Target target) {
        Breaker breaker = breaker(target);
        for (int i = 0; i < 5; i++) {
            breaker.settle(0, Breaker.Outcome.FAILURE, timers.nanoTime());
        }
    }

    /**
     * A protocol with or without tools.
     *
     * @param adapter its name
     */
    private record Choosy(String adapter, boolean tools) implements ModelProvider {

        @Override
        public void check(String model, ChatRequest request) {
            if (!tools && request.body().has("tools")) {
                throw new ProviderException(new ProviderFailure.Rejected(400, null, "tools", "No tools here."));
            }
        }

        @Override
        public Multi<Chunk> stream(Endpoint endpoint, String model, ChatRequest request) {
            return Multi.createFrom().empty();
        }
    }
}
