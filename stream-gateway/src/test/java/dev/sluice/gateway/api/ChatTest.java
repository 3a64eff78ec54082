package dev.sluice.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.admission.AdmissionGate;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chats of the AI SDK, over real sockets. */
@QuarkusTest
@TestProfile(PatientProfile.class)
class ChatTest {

    private static final String PATH = "/api/chat";
    private static final AtomicInteger NAMES = new AtomicInteger();

    private final UpstreamDouble upstream = Doubles.upstream();
    private final String chat = "chat-" + NAMES.incrementAndGet();

    @Inject
    AdmissionGate gate;

    @Inject
    Chats chats;

    private static String body(String chat, String model, String more) {
        return "{\"id\":" + Json.string(chat) + ",\"model\":\"" + model
                + "\",\"trigger\":\"submit-message\",\"messages\":"
                + "[{\"id\":\"u1\",\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"Hi\"}]}]" + more + "}";
    }

    private static String path(String chat, String action) {
        return PATH + "/" + URLEncoder.encode(chat, StandardCharsets.UTF_8).replace("+", "%20") + "/" + action;
    }

    private static List<String> types(RawClient client) {
        return client.frames().chunks().stream()
                .map(chunk -> chunk.path("type").asText())
                .toList();
    }

    private static String text(RawClient client) {
        StringBuilder text = new StringBuilder();
        for (JsonNode chunk : client.frames().chunks()) {
            text.append(
                    chunk.path("type").asText().equals("text-delta")
                            ? chunk.path("delta").asText()
                            : "");
        }
        return text.toString();
    }

    @AfterEach
    void nothingIsHeldAnyMore() {
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
            assertThat(gate.inUse()).isZero();
            assertThat(chats.size()).isZero();
        });
    }

    @Test
    void answerIsAMessageWithItsParts() {
        String model = upstream.model(call -> call.answer("Hel", "lo"));

        RawClient client = RawClient.post(PATH, body(chat, model, "")).toEnd();

        assertThat(client.status()).isEqualTo(200);
        assertThat(client.header("content-type")).startsWith("text/event-stream");
        assertThat(client.header("x-vercel-ai-ui-message-stream")).isEqualTo("v1");
        assertThat(client.header("x-accel-buffering")).isEqualTo("no");
        assertThat(types(client))
                .containsExactly(
                        "start",
                        "start-step",
                        "data-gateway",
                        "text-start",
                        "text-delta",
                        "text-delta",
                        "text-end",
                        "finish-step",
                        "finish");
        assertThat(text(client)).isEqualTo("Hello");
        assertThat(client.frames().last().data()).isEqualTo("[DONE]");
        assertThat(client.frames().chunks().getFirst().path("messageId").asText())
                .isEqualTo(client.header("x-stream-id"));
    }

    @Test
    void providerGetsTheChatInItsOwnWords() {
        String model = upstream.model();

        RawClient client = RawClient.post(PATH, body(chat, model, ",\"temperature\":0.5,\"on_disconnect\":\"cancel\""));
        UpstreamCall call = upstream.next(model);
        call.answer("x");
        client.toEnd();

        assertThat(call.request().path("messages")).isEqualTo(Json.read("[{\"role\":\"user\",\"content\":\"Hi\"}]"));
        assertThat(call.request().path("temperature").asDouble()).isEqualTo(0.5);
        assertThat(Json.names(call.request())).doesNotContain("id", "trigger", "messageId", "on_disconnect", "sluice");
    }

    @Test
    void modelStandsInTheBodyOrInTheQueryOrIsTheConfiguredOne() {
        String model = upstream.model(call -> call.answer("mine"));
        String unnamed = body(chat, "", ",\"sluice\":{\"simulate\":{\"chunks\":1,\"first_ms\":0}}")
                .replace("\"model\":\"\",", "");

        assertThat(text(RawClient.post(PATH + "?model=" + model, unnamed).toEnd()))
                .isEqualTo("mine");
        RawClient demo = RawClient.post(PATH, unnamed).toEnd();
        assertThat(demo.frames()
                        .chunks()
                        .getFirst()
                        .at("/messageMetadata/model")
                        .asText())
                .isEqualTo("demo");
    }

    @Test
    void failureBeforeTheAnswerHasItsStatusAndABodyForPeople() {
        String slow = upstream.model(call -> call.refuse(
                "429 Too Many Requests",
                "Retry-After: 3600\r\n",
                "{\"error\":{\"message\":\"Too many tokens for now.\"}}"));

        RawClient limited = RawClient.post(PATH, body(chat, slow, "")).toEnd();
        RawClient unknown =
                RawClient.post(PATH, body(chat, "no-such-model", "")).toEnd();
        RawClient bad = RawClient.post(PATH, "{\"id\":\"c\"}").toEnd();

        assertThat(limited.status()).isEqualTo(429);
        assertThat(limited.header("retry-after")).isNotEmpty();
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(bad.status()).isEqualTo(400);
        assertThat(bad.body()).isEqualTo("messages must be an array with at least one message.");
        assertThat(List.of(limited, unknown, bad)).allSatisfy(client -> {
            assertThat(client.header("content-type")).startsWith("text/plain");
            assertThat(client.body()).matches("[A-Z\\w].{5,200}\\.").doesNotContain("{");
        });
    }

    @Test
    void failureAmidTheAnswerIsAnErrorAfterTheTextSoFar() {
        String model = upstream.model(call -> call.begin().text("so far").reset());

        RawClient client = RawClient.post(PATH, body(chat, model, "")).toEnd();

        assertThat(client.status()).isEqualTo(200);
        assertThat(types(client)).endsWith("text-delta", "text-end", "error");
        assertThat(client.frames().last().data()).isEqualTo("[DONE]");
    }

    @Test
    void whoeverComesBackGetsTheWholeAnswerOnceMore() {
        String model = upstream.model();
        RawClient first = RawClient.post(PATH, body(chat, model, ""));
        UpstreamCall call = upstream.next(model).begin().text("before ");
        first.until("before ").close();

        RawClient second = RawClient.get(path(chat, "stream")).until("before ");
        RawClient third = RawClient.get(path(chat, "stream")).until("before ");
        call.text("after").finish();

        assertThat(text(second.toEnd())).isEqualTo("before after");
        assertThat(second.body()).isEqualTo(third.toEnd().body());
        assertThat(second.header("x-vercel-ai-ui-message-stream")).isEqualTo("v1");
        assertThat(second.frames().chunks().getFirst().path("messageId").asText())
                .isEqualTo(second.header("x-stream-id"));
    }

    @Test
    void chatWithoutARunningAnswerHasNothingToResumeAndNothingToStop() {
        String model = upstream.model(call -> call.answer("x"));
        RawClient.post(PATH, body(chat, model, "")).toEnd();

        for (String name : List.of(chat, "never heard of", "x".repeat(1_000))) {
            assertThat(RawClient.get(path(name, "stream")).toEnd().status()).isEqualTo(204);
            assertThat(RawClient.post(path(name, "stop"), "").toEnd().status()).isEqualTo(204);
        }
    }

    @Test
    void stopEndsTheAnswerForEverybodyAndTheProvidersWork() {
        String model = upstream.model();
        RawClient reader = RawClient.post(PATH, body(chat, model, ""));
        UpstreamCall call = upstream.next(model).begin().text("x");
        reader.until("\"x\"");

        assertThat(RawClient.post(path(chat, "stop"), "").toEnd().status()).isEqualTo(204);

        call.awaitClosed();
        assertThat(types(reader.toEnd())).endsWith("text-end", "abort");
        assertThat(RawClient.post(path(chat, "stop"), "{}").toEnd().status()).isEqualTo(204);
        assertThat(RawClient.get(path(chat, "stream")).toEnd().status()).isEqualTo(204);
    }

    /** Whoever stops an answer must not be shown an error, however early that was. */
    @Test
    void stopBeforeTheFirstChunkIsNoError() {
        String model = upstream.model();
        RawClient reader = RawClient.post(PATH, body(chat, model, ""));
        UpstreamCall call = upstream.next(model);

        assertThat(RawClient.post(path(chat, "stop"), "").toEnd().status()).isEqualTo(204);

        call.awaitClosed();
        assertThat(reader.toEnd().status()).isEqualTo(200);
        assertThat(types(reader)).startsWith("start").endsWith("abort").doesNotContain("error");
        assertThat(reader.frames().last().data()).isEqualTo("[DONE]");
    }

    @ParameterizedTest
    @ValueSource(strings = {".", ".."})
    void chatThatNoPathCouldNameIsRefused(String name) {
        RawClient refused = RawClient.post(PATH, body(name, "demo", "")).toEnd();

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body()).startsWith("id must name the chat").endsWith(".");
    }

    @Test
    void nextMessageReplacesTheRunningAnswer() {
        String model = upstream.model();
        RawClient first = RawClient.post(PATH, body(chat, model, ""));
        UpstreamCall one = upstream.next(model).begin().text("one");
        first.until("\"one\"");

        RawClient second = RawClient.post(PATH, body(chat, model, ""));
        UpstreamCall two = upstream.next(model).begin().text("two");

        one.awaitClosed();
        assertThat(types(first.toEnd())).endsWith("abort");
        RawClient resumed = RawClient.get(path(chat, "stream")).until("two");
        two.finish();
        assertThat(text(second.toEnd())).isEqualTo("two");
        assertThat(resumed.toEnd().body()).isEqualTo(second.body());
    }

    @Test
    void refusedMessageLeavesTheRunningAnswerAlone() {
        String model = upstream.model();
        RawClient first = RawClient.post(PATH, body(chat, model, ""));
        UpstreamCall call = upstream.next(model).begin().text("x");
        first.until("\"x\"");

        assertThat(RawClient.post(PATH, body(chat, "no-such-model", "")).toEnd().status())
                .isEqualTo(404);

        RawClient resumed = RawClient.get(path(chat, "stream")).until("\"x\"");
        call.finish();
        assertThat(text(first.toEnd())).isEqualTo("x");
        assertThat(resumed.toEnd().body()).isEqualTo(first.body());
    }

    @Test
    void chatOfOneCallerDoesNotExistForAnother() {
        String model = upstream.model();
        RawClient mine = RawClient.post(PATH, body(chat, model, ""), "Authorization: Bearer alice");
        UpstreamCall call = upstream.next(model).begin().text("x");
        mine.until("\"x\"");

        assertThat(RawClient.get(path(chat, "stream"), "Authorization: Bearer bob")
                        .toEnd()
                        .status())
                .isEqualTo(204);
        assertThat(RawClient.post(path(chat, "stop"), "", "Authorization: Bearer bob")
                        .toEnd()
                        .status())
                .isEqualTo(204);
        RawClient.post(PATH, body(chat, upstream.model(other -> other.answer("y")), ""), "Authorization: Bearer bob")
                .toEnd();

        call.finish();
        assertThat(text(mine.toEnd())).isEqualTo("x");
    }

    @Test
    void clientThatAsksForItEndsTheAnswerByGoingAway() {
        String model = upstream.model();
        RawClient client = RawClient.post(PATH, body(chat, model, ",\"on_disconnect\":\"cancel\""));
        UpstreamCall call = upstream.next(model).begin().text("x");

        client.until("\"x\"").close();

        call.awaitClosed();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a b", "a+b", "a/b", "../up", "100%", "a%2Fb", "Gr\u00fc\u00dfe \uD83D\uDE00", "a?b#c", "stream"
            })
    void chatsMayBeNamedFreely(String name) {
        String model = upstream.model();
        RawClient first = RawClient.post(PATH, body(name, model, ""));
        UpstreamCall call = upstream.next(model).begin().text("x");
        first.until("\"x\"");

        assertThat(RawClient.get(path(name, "stream")).until("\"x\"").status()).isEqualTo(200);
        assertThat(RawClient.post(path(name, "stop"), "").toEnd().status()).isEqualTo(204);

        call.awaitClosed();
    }
}
