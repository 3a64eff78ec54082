package dev.sluice.gateway.api;

import static dev.sluice.gateway.api.ChatBody.body;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(PatientProfile.class)
class ChatCompletionsTest {

    private static final String PATH = "/v1/chat/completions";
    private static final String ODD_TEXT = "Grüße 👋🏽 \"q\" \\ / \t\n\r \u2028 \u0000 \ud83e\uddea e\u0301 日本";

    private final UpstreamDouble upstream = Doubles.upstream();

    private static String streamed(String model) {
        return body(model, ",\"stream\":true");
    }

    @Test
    void streamsRoleDeltasOneFinishAndDone() {
        String model = upstream.model(call -> call.answer("Hel", "lo", "!"));

        RawClient client = RawClient.post(PATH, streamed(model)).toEnd();

        assertThat(client.status()).isEqualTo(200);
        List<JsonNode> chunks = client.frames().chunks();
        assertThat(chunks.getFirst().at("/choices/0/delta"))
                .isEqualTo(Json.read("{\"role\":\"assistant\",\"content\":\"\"}"));
        assertThat(chunks.subList(1, 4))
                .extracting(chunk -> chunk.at("/choices/0/delta/content").asText())
                .containsExactly("Hel", "lo", "!");
        assertThat(chunks).hasSize(5);
        assertThat(chunks.getLast().at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(chunks)
                .filteredOn(chunk -> !chunk.at("/choices/0/finish_reason").isNull())
                .hasSize(1);
        assertThat(chunks).allSatisfy(chunk -> {
            assertThat(chunk.path("object").asText()).isEqualTo("chat.completion.chunk");
            assertThat(chunk.path("model").asText()).isEqualTo(model);
            assertThat(chunk.path("id")).isEqualTo(chunks.getFirst().path("id"));
        });
        assertThat(client.body()).endsWith("}\n\ndata: [DONE]\n\n").doesNotContain("event:", "\"error\"", "usage");
    }

    @Test
    void headIsOneOfAnUnbufferedEventStream() {
        String model = upstream.model(call -> call.answer("x"));

        RawClient client = RawClient.post(PATH, streamed(model)).toEnd();

        assertThat(client.header("content-type")).isEqualTo("text/event-stream; charset=utf-8");
        assertThat(client.header("cache-control")).isEqualTo("no-cache, no-transform");
        assertThat(client.header("x-accel-buffering")).isEqualTo("no");
        assertThat(client.header("x-stream-id")).matches("str_[0-9a-z]{26}");
        assertThat(client.header("x-request-id")).isEqualTo(client.header("x-stream-id"));
        assertThat(client.headers()).doesNotContainKeys("content-length", "content-encoding");
        assertThat(client.frames().chunks().getFirst().path("id").asText())
                .isEqualTo("chatcmpl-" + client.header("x-stream-id"));
    }

    @Test
    void eachDeltaLeavesBeforeTheNextOneComes() {
        String model = upstream.model();
        RawClient client = RawClient.post(PATH, streamed(model));
        UpstreamCall call = upstream.next(model).begin();

        for (String word : List.of("one", "two", "three")) {
            call.text(word);
            client.until(word);
        }
        call.finish();

        assertThat(client.toEnd().frames().completionText()).isEqualTo("onetwothree");
    }

    @Test
    void usageComesOnlyWhenItIsAskedFor() {
        String model = upstream.model(call -> call.answer("x"));

        Frames frames = RawClient.post(
                        PATH, body(model, ",\"stream\":true,\"stream_options\":{\"include_usage\":true}"))
                .toEnd()
                .frames();

        JsonNode last = frames.chunks().getLast();
        assertThat(last.path("choices")).isEmpty();
        assertThat(last.path("usage"))
                .isEqualTo(Json.read("{\"prompt_tokens\":7,\"completion_tokens\":3,\"total_tokens\":10}"));
        assertThat(frames.chunks().subList(0, frames.chunks().size() - 1))
                .noneSatisfy(chunk -> assertThat(chunk.has("usage")).isTrue());
        assertThat(frames.last().data()).isEqualTo("[DONE]");
    }

    /** A multi-byte character, a frame and an HTTP chunk may be cut anywhere. */
    @Test
    void textArrivesByteForByteHoweverTheUpstreamCutsIt() {
        byte[] frame = UpstreamCall.delta(ODD_TEXT).getBytes(StandardCharsets.UTF_8);
        for (int pieces : new int[] {1, 2, 3, 7}) {
            String model = upstream.model(call -> {
                call.begin();
                for (int at = 0; at < frame.length; at += pieces) {
                    call.data(Arrays.copyOfRange(frame, at, Math.min(frame.length, at + pieces)));
                }
                call.finish();
            });

            String text = RawClient.post(PATH, streamed(model)).toEnd().frames().completionText();

            assertThat(text).as("cut every %d bytes", pieces).isEqualTo(ODD_TEXT);
        }
    }

    @Test
    void bodyEndsPromptlyThoughTheUpstreamLingers() {
        String model = upstream.model();
        RawClient client = RawClient.post(PATH, streamed(model));
        UpstreamCall call = upstream.next(model).begin().text("x");
        client.until("x");
        long started = System.nanoTime();

        call.data(UpstreamCall.frame("{}", "stop") + "data: [DONE]\n\n");
        client.toEnd();

        assertThat(System.nanoTime() - started).isLessThan(TimeUnit.MILLISECONDS.toNanos(500));
    }

    @Test
    void connectionServesTheNextRequestAfterAStream() {
        String model = upstream.model(call -> call.answer("x"));
        byte[] request = RawClient.request("POST", PATH, streamed(model).getBytes(StandardCharsets.UTF_8));

        RawClient client = RawClient.connect().send(request).toEnd();
        client.send(request).until(c -> c.raw().split("\\[DONE]", -1).length == 3);

        assertThat(client.raw().split("HTTP/1.1 200 OK", -1)).hasSize(3);
    }

    @Test
    void wholeAnswerIsOneCompletion() {
        String model = upstream.model(call -> call.answer("Grüße ", "👋"));

        RawClient client = RawClient.post(PATH, body(model, "")).toEnd();

        assertThat(client.status()).isEqualTo(200);
        assertThat(client.header("content-type")).isEqualTo("application/json");
        assertThat(client.header("x-stream-id")).isNotEmpty();
        JsonNode answer = Json.read(client.body());
        assertThat(answer.path("object").asText()).isEqualTo("chat.completion");
        assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("Grüße 👋");
        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(answer.at("/usage/total_tokens").asInt()).isEqualTo(10);
        assertThat(answer.has("error")).isFalse();
    }

    @Test
    void toolCallsComeInTheFormThatHelpersNeed() {
        String model = upstream.model(call -> {
            call.begin();
            call.data(UpstreamCall.frame(
                    "{\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}",
                    null));
            call.data(UpstreamCall.frame(
                    "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\":\"}}]}", null));
            call.data(UpstreamCall.frame("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"1}\"}}]}", null));
            call.data(UpstreamCall.frame("{}", "tool_calls") + "data: [DONE]\n\n")
                    .end();
        });

        List<JsonNode> chunks =
                RawClient.post(PATH, streamed(model)).toEnd().frames().chunks();
        JsonNode whole = Json.read(RawClient.post(PATH, body(model, "")).toEnd().body());

        assertThat(chunks.get(1).at("/choices/0/delta/tool_calls"))
                .isEqualTo(
                        Json.read(
                                "[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]"));
        assertThat(chunks.get(2).at("/choices/0/delta/tool_calls"))
                .isEqualTo(Json.read("[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\":\"}}]"));
        assertThat(chunks.getLast().at("/choices/0/finish_reason").asText()).isEqualTo("tool_calls");
        assertThat(whole.at("/choices/0/message/content").isNull()).isTrue();
        assertThat(whole.at("/choices/0/message/tool_calls"))
                .isEqualTo(
                        Json.read(
                                "[{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}}]"));
    }

    @Test
    void reasoningStaysApartFromText() {
        String model = upstream.model(call -> {
            call.begin().data(UpstreamCall.frame("{\"reasoning_content\":\"Hm\"}", null));
            call.text("Yes").finish();
        });

        Frames frames = RawClient.post(PATH, streamed(model)).toEnd().frames();
        JsonNode whole = Json.read(RawClient.post(PATH, body(model, "")).toEnd().body());

        assertThat(frames.chunks().get(1).at("/choices/0/delta"))
                .isEqualTo(Json.read("{\"reasoning_content\":\"Hm\"}"));
        assertThat(frames.completionText()).isEqualTo("Yes");
        assertThat(whole.at("/choices/0/message/reasoning_content").asText()).isEqualTo("Hm");
        assertThat(whole.at("/choices/0/message/content").asText()).isEqualTo("Yes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "*/*", "text/event-stream", "text/html"})
    void acceptDoesNotDecideWhetherItStreams(String accept) {
        String model = upstream.model(call -> call.answer("x"));

        RawClient client =
                RawClient.post(PATH, streamed(model), "Accept: " + accept).toEnd();

        assertThat(client.header("content-type")).startsWith("text/event-stream");
        assertThat(client.frames().last().data()).isEqualTo("[DONE]");
    }

    @Test
    void callersFieldsReachTheProviderAsTheyCame() {
        String model = upstream.model();
        RawClient client = RawClient.post(
                PATH,
                body(model, ",\"stream\":true,\"temperature\":0.25,\"unheard_of\":{\"a\":[1,null]},\"sluice\":{}"),
                "Authorization: Bearer sk-callers-own");

        UpstreamCall call = upstream.next(model);
        call.answer("x");
        client.toEnd();

        assertThat(Json.names(call.request()))
                .containsExactly("messages", "model", "stream", "stream_options", "temperature", "unheard_of");
        assertThat(call.request().path("unheard_of")).isEqualTo(Json.read("{\"a\":[1,null]}"));
        assertThat(call.head()).contains("sk-upstream-canary-key").doesNotContain("sk-callers-own");
    }
}
