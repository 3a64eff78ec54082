package dev.sluice.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.api.Doubles;
import dev.sluice.gateway.api.Frames;
import dev.sluice.gateway.api.Json;
import dev.sluice.gateway.api.LogTap;
import dev.sluice.gateway.api.PatientProfile;
import dev.sluice.gateway.api.RawClient;
import dev.sluice.gateway.api.UpstreamCall;
import dev.sluice.gateway.api.UpstreamDouble;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(PatientProfile.class)
class UpstreamFailuresTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String STREAMS = "/v1/streams";

    private final UpstreamDouble upstream = Doubles.upstream();

    private static String body(String model, boolean stream) {
        return "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"stream\":" + stream
                + "}";
    }

    private static RawClient chat(String model) {
        return RawClient.post(CHAT, body(model, true)).toEnd();
    }

    private static Frames standard(String model) {
        RawClient client = RawClient.post(STREAMS, body(model, true)).toEnd();
        assertThat(client.status()).isEqualTo(200);
        Frames frames = client.frames();
        assertThat(frames.types().stream().filter(type -> type.equals("error") || type.equals("complete")))
                .hasSize(1);
        return frames;
    }

    private static JsonNode error(RawClient client, int status, String code) {
        assertThat(client.status()).as(client.body()).isEqualTo(status);
        assertThat(client.header("content-type")).isEqualTo("application/json");
        JsonNode error = Json.read(client.body()).path("error");
        assertThat(error.path("code").asText()).isEqualTo(code);
        return error;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rateLimitIsPassedOnWithItsWaitOnceAttemptsAreSpent(boolean stream) {
        String model = upstream.model(call ->
                call.refuse("429 Too Many Requests", "retry-after-ms: 30\r\n", "{\"error\":{\"message\":\"slow\"}}"));
        long started = System.nanoTime();

        RawClient client = RawClient.post(CHAT, body(model, stream)).toEnd();

        JsonNode error = error(client, 429, "MAX_RETRIES_EXCEEDED");
        assertThat(error.path("cause").asText()).isEqualTo("RATE_LIMIT");
        assertThat(client.header("retry-after")).isEqualTo("1");
        assertThat(client.header("retry-after-ms")).isEqualTo("30");
        assertThat(upstream.calls(model)).isEqualTo(3);
        assertThat(System.nanoTime() - started).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(60));
    }

    @Test
    void retryAfterIsHonoured() {
        AtomicInteger calls = new AtomicInteger();
        String model = upstream.model(call -> {
            if (calls.incrementAndGet() == 1) {
                call.refuse("429 Too Many Requests", "Retry-After: 1\r\n", "{}");
            } else {
                call.answer("back");
            }
        });
        long started = System.nanoTime();

        RawClient client = chat(model);

        assertThat(client.frames().completionText()).isEqualTo("back");
        assertThat(System.nanoTime() - started)
                .isBetween(TimeUnit.MILLISECONDS.toNanos(1_000), TimeUnit.MILLISECONDS.toNanos(3_000));
    }

    @Test
    void waitBeyondTheBudgetEndsTheAttempts() {
        String model = upstream.model(call -> call.refuse("429 Too Many Requests", "Retry-After: 3600\r\n", "{}"));

        RawClient client = chat(model);

        error(client, 429, "RATE_LIMIT");
        assertThat(client.header("retry-after")).isEqualTo("60");
        assertThat(upstream.calls(model)).isEqualTo(1);
    }

    @Test
    void serverErrorIsRetriedUntilItRecovers() {
        AtomicInteger calls = new AtomicInteger();
        String model = upstream.model(call -> {
            if (calls.incrementAndGet() < 3) {
                call.refuse("503 Service Unavailable", "", "overloaded");
            } else {
                call.answer("well");
            }
        });

        RawClient client = chat(model);

        assertThat(client.status()).isEqualTo(200);
        assertThat(client.frames().completionText()).isEqualTo("well");
        assertThat(upstream.calls(model)).isEqualTo(3);
    }

    @Test
    void refusedCredentialsAreTheOperatorsBusiness() {
        String model = upstream.model(call -> call.refuse(
                "401 Unauthorized", "", "{\"error\":{\"message\":\"Incorrect API key: sk-upstream-canary-key\"}}"));
        try (LogTap log = new LogTap()) {
            RawClient client = chat(model);

            error(client, 502, "PROVIDER_REJECTED");
            assertThat(client.raw()).doesNotContain("sk-upstream-canary-key");
            assertThat(client.header("x-should-retry")).isEqualTo("false");
            assertThat(client.headers()).doesNotContainKey("www-authenticate");
            assertThat(upstream.calls(model)).isEqualTo(1);
            assertThat(log.lines())
                    .anyMatch(line -> line.contains("Provider upstream refuses our credentials (HTTP 401)"))
                    .noneMatch(line -> line.contains("sk-upstream-canary-key"));
        }
    }

    @Test
    void requestThatTheProviderRefusesIsTheCallersBusiness() {
        String model = upstream.model(call -> call.refuse(
                "400 Bad Request",
                "",
                "{\"error\":{\"message\":\"Too long\",\"code\":\"context_length_exceeded\",\"param\":\"messages\"}}"));

        JsonNode error = error(chat(model), 400, "PROVIDER_REJECTED");

        assertThat(error.path("upstream_code").asText()).isEqualTo("context_length_exceeded");
        assertThat(error.path("param").asText()).isEqualTo("messages");
        assertThat(error.path("message").asText()).isEqualTo("Too long");
        assertThat(upstream.calls(model)).isEqualTo(1);
    }

    @Test
    void nobodyAtTheAddressIsABadGateway() {
        JsonNode error = error(chat("refused/x"), 502, "MAX_RETRIES_EXCEEDED");

        assertThat(error.path("cause").asText()).isEqualTo("NETWORK");
        assertThat(error.path("message").asText()).doesNotContain("127.0.0.1", "Connection refused: /");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 14\r\n\r\ndata: {{{{{{\n\n",
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>",
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 14\r\n\r\ndata: [DONE]\n\n",
                "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
            })
    void answerThatMakesNoSenseIsABadGateway(String response) {
        String model = upstream.model(call -> call.say(response));

        RawClient client = chat(model);

        assertThat(client.status()).as(client.body()).isEqualTo(502);
        assertThat(Json.read(client.body()).at("/error/type").asText()).isEqualTo("upstream_error");
    }

    @Test
    void noHttpAtAllIsABadGateway() {
        String model = upstream.model(call -> {
            call.say("SSH-2.0-OpenSSH_9.6\r\n\r\n");
            call.reset();
        });

        assertThat(chat(model).status()).isEqualTo(502);
    }

    @Test
    void connectionThatBreaksBeforeTheFirstChunkIsTriedAgain() {
        AtomicInteger calls = new AtomicInteger();
        String model = upstream.model(call -> {
            if (calls.incrementAndGet() == 1) {
                call.begin().reset();
            } else {
                call.answer("second");
            }
        });

        assertThat(chat(model).frames().completionText()).isEqualTo("second");
    }

    @Test
    void breakInTheMiddleIsAnErrorEventThenDoneAndNothingElse() {
        String model = upstream.model(call -> call.begin().text("Hel").reset());

        RawClient client = chat(model);

        assertThat(client.status()).isEqualTo(200);
        List<Frames.Frame> events = client.frames().events();
        assertThat(events.getLast().data()).isEqualTo("[DONE]");
        Frames.Frame error = events.get(events.size() - 2);
        assertThat(error.event()).isEqualTo("error");
        assertThat(Json.names(error.json())).containsExactly("error");
        assertThat(error.json().at("/error/code").asText()).isEqualTo("NETWORK");
        assertThat(error.json().at("/error").has("param")).isTrue();
        assertThat(client.frames().completionText()).isEqualTo("Hel");
        assertThat(client.body()).endsWith("\n\ndata: [DONE]\n\n").doesNotContain("\"finish_reason\":\"");
        assertThat(upstream.calls(model)).isEqualTo(1);
    }

    @Test
    void endWithoutAFinishIsATruncationNotAnAnswer() {
        String model = upstream.model(call -> call.begin().text("Hel").end());

        List<Frames.Frame> events = chat(model).frames().events();

        assertThat(events.get(events.size() - 2).json().at("/error/code").asText())
                .isEqualTo("PARSE");
    }

    @Test
    void errorInsideTheUpstreamStreamIsAnError() {
        String model = upstream.model(call -> call.begin()
                .text("Hel")
                .data("data: {\"error\":{\"message\":\"The server had an error\",\"type\":\"server_error\"}}\n\n")
                .end());

        List<Frames.Frame> events = chat(model).frames().events();

        assertThat(events.get(events.size() - 2).event()).isEqualTo("error");
        assertThat(events.get(events.size() - 2).json().at("/error/code").asText())
                .isEqualTo("SERVER");
    }

    @Test
    void wholeAnswerFailsWholeWhenItBreaksInTheMiddle() {
        String model = upstream.model(call -> call.begin().text("Hel").reset());

        error(RawClient.post(CHAT, body(model, false)).toEnd(), 502, "NETWORK");
    }

    @Test
    void standardFormatTellsOfEveryAttemptAndFailsOnce() {
        String model = upstream.model(call -> call.refuse("503 Service Unavailable", "", "{}"));

        Frames frames = standard(model);

        assertThat(frames.phases())
                .containsExactly("accepted", "connecting", "retrying", "connecting", "retrying", "connecting");
        JsonNode retry = frames.events().get(2).json().path("data");
        assertThat(retry.path("retry_in_ms").asLong()).isBetween(1L, 100L);
        assertThat(retry.path("message").asText()).isEqualTo("Retrying in 0.0 s (attempt 2)");
        JsonNode error = frames.last().json().path("data");
        assertThat(error.path("code").asText()).isEqualTo("MAX_RETRIES_EXCEEDED");
        assertThat(error.path("cause").asText()).isEqualTo("SERVER");
        assertThat(error.path("partial").asBoolean()).isFalse();
    }

    @Test
    void standardFormatKeepsWhatCameBeforeABreak() {
        String model = upstream.model(call -> call.begin().text("Hel").reset());

        Frames frames = standard(model);

        assertThat(frames.types()).containsExactly("status", "status", "status", "chunk", "error");
        assertThat(frames.text()).isEqualTo("Hel");
        JsonNode error = frames.last().json().path("data");
        assertThat(error.path("code").asText()).isEqualTo("NETWORK");
        assertThat(error.path("partial").asBoolean()).isTrue();
        assertThat(error.path("phase").asText()).isEqualTo("mid_stream");
    }

    @Test
    void nextTargetAnswersWhenTheFirstIsSpent() {
        String broken = upstream.model(call -> call.refuse("500 Internal Server Error", "", "{}"));
        String well = upstream.model(call -> call.answer("from the second"));

        RawClient client = RawClient.post(
                        STREAMS,
                        "{\"model\":\"" + broken + "\",\"fallbacks\":[\"" + well
                                + "\"],\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}")
                .toEnd();

        assertThat(client.frames().phases()).endsWith("falling_back", "connecting", "streaming");
        assertThat(client.frames().text()).isEqualTo("from the second");
        assertThat(client.frames().last().json().at("/data/attempts").asInt()).isEqualTo(4);
    }

    @Test
    void nothingFallsBackAfterTheFirstChunk() {
        String broken = upstream.model(call -> call.begin().text("Hel").reset());
        String well = upstream.model(call -> call.answer("never"));

        RawClient client = RawClient.post(
                        STREAMS,
                        "{\"model\":\"" + broken + "\",\"fallbacks\":[\"" + well
                                + "\"],\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}")
                .toEnd();

        assertThat(client.frames().text()).isEqualTo("Hel");
        assertThat(client.frames().last().type()).isEqualTo("error");
        assertThat(upstream.calls(well)).isZero();
    }

    /** One frame with everything that may follow it in one packet. */
    @Test
    void whatFollowsTheEndIsIgnored() {
        String model = upstream.model(call -> call.begin()
                .text("x")
                .data(UpstreamCall.frame("{}", "stop") + "data: [DONE]\n\n" + UpstreamCall.delta("late"))
                .end());

        assertThat(chat(model).body()).endsWith("data: [DONE]\n\n").doesNotContain("late");
    }
}
