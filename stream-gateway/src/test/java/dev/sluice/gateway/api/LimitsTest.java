package dev.sluice.gateway.api;

import static dev.sluice.gateway.api.ChatBody.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.admission.AdmissionGate;
import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.pipeline.GenerationPipeline;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What callers meet when they want more than they may have. Three streams may run, two of one caller. */
@QuarkusTest
@TestProfile(LimitsProfile.class)
class LimitsTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String STREAMS = "/v1/streams";
    private static final String MESSAGES = "/v1/messages";
    private static final String ANSWER_AT_ONCE = "{\"simulate\":{\"chunks\":2,\"first_ms\":0,\"interval_ms\":1}}";

    private final UpstreamDouble upstream = Doubles.upstream();

    @Inject
    AdmissionGate gate;

    @Inject
    GenerationPipeline pipeline;

    /** What a test that fails leaves behind is ended, so that it fails alone. */
    @AfterEach
    void nothingIsHeldAnyMore() {
        try {
            await().atMost(Duration.ofSeconds(5)).until(() -> gate.inUse() == 0 && gate.queued() == 0);
        } finally {
            pipeline.abortAll(LimitsProfile.CALLERS)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        }
    }

    @Test
    void aFloodOfOneCallerLeavesTheOtherItsPlace() {
        String flooded = upstream.model();
        String served = upstream.model();
        List<RawClient> flood = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            flood.add(RawClient.post(CHAT, body(flooded, ""), LimitsProfile.ALICE));
        }
        await().until(() -> gate.inUse() == 2 && gate.queued() == 4);
        RawClient tooMany =
                RawClient.post(CHAT, body(flooded, ""), LimitsProfile.ALICE).toEnd();

        RawClient bob = RawClient.post(CHAT, body(served, ""), LimitsProfile.BOB);
        UpstreamCall first = upstream.next(served);
        RawClient again = RawClient.post(CHAT, body(served, ""), LimitsProfile.BOB);
        await().until(() -> gate.queued() == 4);
        first.answer("served");
        upstream.next(served).answer("again");

        assertThat(Json.read(bob.toEnd().body())
                        .at("/choices/0/message/content")
                        .asText())
                .isEqualTo("served");
        assertThat(again.toEnd().status()).isEqualTo(200);
        assertThat(tooMany.status()).isEqualTo(429);
        assertThat(tooMany.header("retry-after")).isEqualTo("1");
        assertThat(tooMany.header("x-should-retry")).isEqualTo("true");
        assertThat(upstream.calls(flooded)).isEqualTo(2);
        flood.forEach(RawClient::close);
    }

    @Test
    void whoWaitsIsToldAndRunsWhenItsTurnComes() {
        String model = upstream.model();
        List<UpstreamCall> running = occupy(model);

        RawClient standard =
                RawClient.post(STREAMS, body(model, ""), LimitsProfile.BOB).until("queued");
        String id = standard.header("x-stream-id");
        assertThat(standard.status()).isEqualTo(200);
        assertThat(state(id)).isEqualTo("queued");
        RawClient held = RawClient.post(CHAT, body(model, ",\"stream\":true"), LimitsProfile.BOB);
        await().until(() -> gate.queued() == 2);
        assertThat(upstream.calls(model)).isEqualTo(3);

        running.get(0).answer("done");
        upstream.next(model).answer("first");
        upstream.next(model).answer("second");
        assertThat(standard.toEnd().frames().phases()).containsExactly("queued", "accepted", "connecting", "streaming");
        assertThat(standard.frames().text()).isEqualTo("first");
        assertThat(held.toEnd().status()).isEqualTo(200);
        assertThat(held.frames().completionText()).isEqualTo("second");
        running.get(1).answer("done");
        running.get(2).answer("done");
    }

    @Test
    void whoWaitedInVainIsRefused() {
        String model = upstream.model();
        List<UpstreamCall> running = occupy(model);
        RawClient whole = RawClient.post(CHAT, body(model, ""), LimitsProfile.BOB);
        RawClient streamed =
                RawClient.post(MESSAGES, body(model, ",\"max_tokens\":9,\"stream\":true"), LimitsProfile.BOB);
        RawClient standard = RawClient.post(STREAMS, body(model, ""), LimitsProfile.BOB);

        assertThat(whole.toEnd().status()).isEqualTo(503);
        assertThat(whole.header("retry-after")).isEqualTo("1");
        assertThat(whole.header("retry-after-ms")).isEqualTo("1000");
        assertThat(whole.header("x-should-retry")).isEqualTo("true");
        assertThat(Json.read(whole.body()).at("/error/code").asText()).isEqualTo("OVERLOADED");
        assertThat(streamed.toEnd().status()).isEqualTo(529);
        JsonNode last = standard.toEnd().frames().last().json();
        assertThat(last.path("type").asText()).isEqualTo("error");
        assertThat(last.at("/data/code").asText()).isEqualTo("OVERLOADED");
        assertThat(last.at("/data/retry_after_ms").asInt()).isEqualTo(1_000);
        assertThat(upstream.calls(model)).isEqualTo(3);
        running.forEach(call -> call.answer("done"));
    }

    /** Between two polls nobody reads. */
    @Test
    void whoPollsKeepsItsPlaceInTheQueue() {
        String model = upstream.model();
        List<UpstreamCall> running = occupy(model);
        String id = Json.read(RawClient.post(STREAMS, body(model, ""), LimitsProfile.BOB, "Prefer: respond-async")
                        .toEnd()
                        .body())
                .path("stream_id")
                .asText();

        JsonNode first = poll(id, 0);
        RawClient second = RawClient.get(
                STREAMS + "/" + id + "?wait=10s&offset="
                        + first.path("next_offset").asInt(),
                LimitsProfile.BOB,
                "Accept: application/json");
        running.forEach(call -> call.answer("done"));
        upstream.next(model).answer("polled");

        assertThat(first.at("/events/0/data/phase").asText()).isEqualTo("queued");
        JsonNode answer = Json.read(second.toEnd().body());
        assertThat(answer.at("/events/0/data/phase").asText()).isEqualTo("accepted");
        int next = answer.path("next_offset").asInt();
        while (!answer.path("done").asBoolean()) {
            answer = poll(id, next);
            next = answer.path("next_offset").asInt();
        }
        assertThat(state(id)).isEqualTo("completed");
    }

    private static JsonNode poll(String id, int offset) {
        return Json.read(RawClient.get(
                        STREAMS + "/" + id + "?wait=10s&offset=" + offset,
                        LimitsProfile.BOB,
                        "Accept: application/json")
                .toEnd()
                .body());
    }

    @Test
    void whoCouldComeBackLeavesTheQueueSoonAfterIt() {
        String model = upstream.model();
        List<UpstreamCall> running = occupy(model);
        RawClient client =
                RawClient.post(STREAMS, body(model, ""), LimitsProfile.BOB).until("queued");
        String id = client.header("x-stream-id");

        client.close();

        await().until(() -> gate.queued() == 0);
        assertThat(state(id)).isEqualTo("aborted"); // and not refused, which comes later
        running.forEach(call -> call.answer("done"));
        await().until(() -> gate.inUse() == 0);
        assertThat(upstream.calls(model)).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {CHAT, MESSAGES})
    void aClientThatGoesAwayLeavesTheQueueAtOnce(String path) {
        String model = upstream.model();
        List<UpstreamCall> running = occupy(model);
        RawClient client = RawClient.post(path, body(model, ",\"max_tokens\":9,\"stream\":true"), LimitsProfile.BOB);
        await().until(() -> gate.queued() == 1);

        client.close();

        await().atMost(Duration.ofMillis(500)).until(() -> gate.queued() == 0);
        running.forEach(call -> call.answer("done"));
        await().until(() -> gate.inUse() == 0);
        assertThat(upstream.calls(model)).isEqualTo(3);
    }

    @Test
    void anAbortedStreamLeavesTheQueueAtOnce() {
        String model = upstream.model();
        List<UpstreamCall> running = occupy(model);
        RawClient client =
                RawClient.post(STREAMS, body(model, ""), LimitsProfile.BOB).until("queued");

        RawClient.delete(STREAMS + "/" + client.header("x-stream-id"), LimitsProfile.BOB)
                .toEnd();

        await().atMost(Duration.ofMillis(500)).until(() -> gate.queued() == 0);
        assertThat(client.toEnd().frames().last().json().at("/data/code").asText())
                .isEqualTo("CANCELLED");
        running.forEach(call -> call.answer("done"));
    }

    @Test
    void aSocketToldToWaitGetsItsTurnAndOneRefusedIsToldWhenToComeBack() {
        String model = upstream.model();
        List<UpstreamCall> running = occupy(model);
        try (SocketClient socket = SocketClient.open("/v1/ws", LimitsProfile.BOB)) {
            for (int i = 0; i < 5; i++) {
                socket.send("{\"type\":\"start\",\"request_id\":\"r" + i + "\","
                        + body(model, "").substring(1));
            }
            JsonNode refused = socket.next("request_error");

            assertThat(refused.path("request_id").asText()).isEqualTo("r4");
            assertThat(refused.path("retry_after_ms").asInt()).isEqualTo(1_000);
            assertThat(refused.at("/error/code").asText()).isEqualTo("OVERLOADED");
            assertThat(gate.queued()).isEqualTo(4);
            running.get(0).answer("done");
            upstream.next(model).answer("waited");
            assertThat(socket.next("complete").at("/data/final_response").asText())
                    .isEqualTo("waited");
        }
        running.get(1).answer("done");
        running.get(2).answer("done");
    }

    @Test
    void whoStartsTooOftenIsToldHowLongToWaitAndEveryAnswerSaysWhatIsLeft() {
        RawClient first = ask(CHAT, LimitsProfile.SELDOM);
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.header("x-ratelimit-limit-requests")).isEqualTo("3");
        assertThat(first.header("x-ratelimit-remaining-requests")).isEqualTo("2");
        assertThat(first.header("x-ratelimit-reset-requests")).matches("(19\\.\\d{1,3}|20)s");
        assertThat(first.header("x-ratelimit-limit-tokens")).isEmpty();
        RawClient second = ask(MESSAGES, LimitsProfile.SELDOM);
        assertThat(second.header("anthropic-ratelimit-requests-limit")).isEqualTo("3");
        assertThat(second.header("anthropic-ratelimit-requests-remaining")).isEqualTo("1");
        assertThat(Instant.parse(second.header("anthropic-ratelimit-requests-reset")))
                .isBetween(Instant.now().plusSeconds(30), Instant.now().plusSeconds(42));
        assertThat(ask(STREAMS, LimitsProfile.SELDOM).header("x-ratelimit-remaining-requests"))
                .isEqualTo("0");

        RawClient refused = ask(CHAT, LimitsProfile.SELDOM);

        assertThat(refused.status()).isEqualTo(429);
        assertThat(Json.read(refused.body()).at("/error/code").asText()).isEqualTo("RATE_LIMIT");
        assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(15, 20);
        assertThat(Integer.parseInt(refused.header("retry-after-ms"))).isBetween(14_000, 20_000);
        assertThat(refused.header("x-should-retry")).isEqualTo("true");
        assertThat(refused.header("x-ratelimit-remaining-requests")).isEqualTo("0");
        assertThat(ask(CHAT, LimitsProfile.ALICE).headers()).doesNotContainKey("x-ratelimit-limit-requests");
    }

    @Test
    void tokensAreReservedWhileAStreamRunsAndSettledWhenItEnds() {
        String model = upstream.model();
        RawClient client = RawClient.post(CHAT, body(model, ",\"max_tokens\":900"), LimitsProfile.THRIFTY);
        UpstreamCall call = upstream.next(model);
        assertThat(tokens("thrifty")).as("900 and the prompt are reserved").isEqualTo(98);

        call.answer("Hello");
        assertThat(client.toEnd().header("x-ratelimit-remaining-tokens")).isEqualTo("990");
        assertThat(tokens("thrifty")).as("10 were used").isEqualTo(990);

        RawClient left = RawClient.post(CHAT, body(model, ",\"max_completion_tokens\":900"), LimitsProfile.THRIFTY);
        upstream.next(model);
        left.close();
        await().until(() -> tokens("thrifty") == 988);
        String refusing = upstream.model(broken -> broken.refuse("400 Bad Request", "", "{}"));
        RawClient.post(CHAT, body(refusing, ""), LimitsProfile.THRIFTY).toEnd();
        assertThat(tokens("thrifty")).as("what failed at once cost nothing").isEqualTo(988);
    }

    @Test
    void aHopelessWaitIsNotToBeRetried() {
        assertThat(ask(CHAT, LimitsProfile.ONCE).status()).isEqualTo(200);

        RawClient refused = ask(CHAT, LimitsProfile.ONCE);

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("retry-after")).isEqualTo("60");
        assertThat(refused.header("x-should-retry")).isEqualTo("false");
    }

    /** Takes all three places. */
    private List<UpstreamCall> occupy(String model) {
        List<UpstreamCall> running = new ArrayList<>();
        for (String caller : List.of(LimitsProfile.ALICE, LimitsProfile.ALICE, LimitsProfile.BOB)) {
            RawClient.post(STREAMS, body(model, ""), caller).until("connecting");
            running.add(upstream.next(model));
        }
        return running;
    }

    private static RawClient ask(String path, String caller) {
        return RawClient.post(path, body("simulator/x", ",\"max_tokens\":9,\"sluice\":" + ANSWER_AT_ONCE), caller)
                .toEnd();
    }

    private long tokens(String caller) {
        return gate.standing(new Caller(caller)).tokens().orElseThrow().remaining();
    }

    private static String state(String id) {
        return Json.read(RawClient.get(STREAMS + "/" + id + "/status", LimitsProfile.BOB)
                        .toEnd()
                        .body())
                .path("state")
                .asText();
    }
}
