package dev.sluice.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(PatientProfile.class)
class MessagesTest {

    private static final String PATH = "/v1/messages";
    private static final String COUNT = "/v1/messages/count_tokens";
    private static final int LIMIT = 4 * 1_024 * 1_024;

    private final UpstreamDouble upstream = Doubles.upstream();
    private final LogTap log = new LogTap();

    @AfterEach
    void nothingIsWrongWithTheGateway() {
        log.close();
        assertThat(log.errors()).isEmpty();
    }

    private static String body(String model, String more) {
        return "{\"model\":\"" + model + "\",\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]"
                + more + "}";
    }

    private static String streamed(String model) {
        return body(model, ",\"stream\":true");
    }

    @Test
    void streamsAMessageFromItsStartToItsStop() {
        String model = upstream.model(call -> call.answer("Hel", "lo"));

        RawClient client = RawClient.post(PATH, streamed(model)).toEnd();

        assertThat(client.status()).isEqualTo(200);
        assertThat(client.header("content-type")).isEqualTo("text/event-stream; charset=utf-8");
        assertThat(client.header("request-id")).isEqualTo(client.header("x-stream-id"));
        Frames frames = client.frames();
        assertThat(frames.events())
                .extracting(Frames.Frame::event)
                .containsExactly(
                        "message_start",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
        assertThat(frames.events().getFirst().json().at("/message/model").asText())
                .isEqualTo(model);
        assertThat(frames.events().get(5).json().path("usage"))
                .isEqualTo(Json.read("{\"input_tokens\":7,\"cache_creation_input_tokens\":0,"
                        + "\"cache_read_input_tokens\":0,\"output_tokens\":3}"));
    }

    @Test
    void wholeAnswerIsOneMessage() {
        String model = upstream.model(call -> call.answer("Grüße ", "👋"));

        RawClient client = RawClient.post(PATH, body(model, "")).toEnd();

        assertThat(client.status()).isEqualTo(200);
        assertThat(client.header("content-type")).isEqualTo("application/json");
        JsonNode message = Json.read(client.body());
        assertThat(message.path("id").asText()).isEqualTo("msg_" + client.header("x-stream-id"));
        assertThat(client.header("request-id")).isEqualTo(client.header("x-stream-id"));
        assertThat(message.path("content")).isEqualTo(Json.read("[{\"type\":\"text\",\"text\":\"Grüße 👋\"}]"));
        assertThat(message.path("stop_reason").asText()).isEqualTo("end_turn");
        assertThat(message.at("/usage/output_tokens").asInt()).isEqualTo(3);
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

        assertThat(client.toEnd().frames().last().event()).isEqualTo("message_stop");
    }

    @Test
    void theProviderGetsAChatCompletion() {
        String model = upstream.model();
        RawClient client = RawClient.post(
                PATH,
                body(
                        model,
                        ",\"system\":\"Be brief.\",\"stop_sequences\":[\"x\"],\"metadata\":{\"user_id\":\"u\"},"
                                + "\"tools\":[{\"name\":\"f\",\"input_schema\":{\"type\":\"object\"}}],"
                                + "\"tool_choice\":{\"type\":\"any\"},\"anthropic_beta\":[\"b\"]"),
                "x-api-key: sk-callers-own",
                "anthropic-version: 2023-06-01",
                "anthropic-beta: anything");

        UpstreamCall call = upstream.next(model);
        call.answer("x");
        client.toEnd();

        assertThat(Json.names(call.request()))
                .containsExactly(
                        "max_completion_tokens",
                        "messages",
                        "model",
                        "stop",
                        "stream",
                        "stream_options",
                        "tool_choice",
                        "tools",
                        "user");
        assertThat(call.request().at("/messages/0"))
                .isEqualTo(Json.read("{\"role\":\"system\",\"content\":\"Be brief.\"}"));
        assertThat(call.head()).doesNotContain("sk-callers-own");
    }

    @Test
    void thinkingTextAndToolCallsHaveBlocksOfTheirOwn() {
        String model = upstream.model(call -> {
            call.begin().data(UpstreamCall.frame("{\"reasoning_content\":\"Hm\"}", null));
            call.text("Yes");
            call.data(UpstreamCall.frame(
                    "{\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}",
                    null));
            call.data(UpstreamCall.frame(
                    "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\":1}\"}}]}", null));
            call.data(UpstreamCall.frame("{}", "tool_calls") + "data: [DONE]\n\n")
                    .end();
        });

        Frames frames = RawClient.post(PATH, streamed(model)).toEnd().frames();
        JsonNode whole = Json.read(RawClient.post(PATH, body(model, "")).toEnd().body());

        assertThat(frames.events())
                .filteredOn(frame -> frame.type().equals("content_block_start"))
                .extracting(frame -> frame.json().at("/content_block/type").asText())
                .containsExactly("thinking", "text", "tool_use");
        assertThat(whole.path("content"))
                .isEqualTo(Json.read("[{\"type\":\"thinking\",\"thinking\":\"Hm\",\"signature\":\"\"},"
                        + "{\"type\":\"text\",\"text\":\"Yes\"},"
                        + "{\"type\":\"tool_use\",\"id\":\"call_1\",\"name\":\"f\",\"input\":{\"a\":1}}]"));
        assertThat(whole.path("stop_reason").asText()).isEqualTo("tool_use");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatGoesAwayEndsTheProvidersWork(boolean stream) {
        String model = upstream.model();
        RawClient client = RawClient.post(PATH, stream ? streamed(model) : body(model, ""));
        UpstreamCall call = upstream.next(model).begin().text("first");
        if (stream) {
            client.until("first");
        }

        client.close();

        assertThat(call.awaitClosed()).isPositive();
    }

    @Test
    void aFailureAmidTheAnswerIsAnErrorEventAndTheLast() {
        String model = upstream.model(call -> {
            call.begin().text("Hel");
            call.reset();
        });

        RawClient client = RawClient.post(PATH, streamed(model)).toEnd();

        assertThat(client.status()).isEqualTo(200);
        Frames.Frame last = client.frames().last();
        assertThat(last.event()).isEqualTo("error");
        assertThat(last.json().at("/error/type").asText()).isEqualTo("api_error");
        assertThat(last.json().path("request_id").asText()).isEqualTo(client.header("request-id"));
        assertThat(client.body()).doesNotContain("message_stop", "[DONE]");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFailureBeforeTheFirstDeltaHasItsStatus(boolean stream) {
        String model = upstream.model(call -> call.refuse(
                "400 Bad Request",
                "",
                "{\"error\":{\"message\":\"no\",\"type\":\"invalid_request_error\",\"code\":\"x\"}}"));

        RawClient client =
                RawClient.post(PATH, stream ? streamed(model) : body(model, "")).toEnd();

        assertRefused(client, 400, "invalid_request_error", "PROVIDER_REJECTED");
    }

    @Test
    void aLongRateLimitIsPassedOnWithItsWait() {
        RawClient client = RawClient.post(
                        PATH, body("demo", ",\"sluice\":{\"simulate\":{\"status\":429,\"retry_after\":3600}}"))
                .toEnd();

        assertRefused(client, 429, "rate_limit_error", "RATE_LIMIT");
        assertThat(client.header("retry-after")).isEqualTo("60");
    }

    @ParameterizedTest
    @ValueSource(strings = {PATH, COUNT})
    void whatCannotBeMeantIsRefusedInThisForm(String path) {
        for (String body : List.of(
                "{",
                "[]",
                "{}",
                "{\"model\":\"demo\"}",
                "{\"model\":5,\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}",
                "{\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}",
                "[".repeat(100_000))) {
            assertRefused(RawClient.post(path, body).toEnd(), 400, "invalid_request_error", "INVALID_REQUEST");
        }
        byte[] nothing =
                RawClient.request("POST", path, new byte[0], "Content-Type: application/json", "Content-Length: 0");
        assertRefused(RawClient.connect().send(nothing).toEnd(), 400, "invalid_request_error", "INVALID_REQUEST");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
                    "stream":"yes"                 | stream
                    "temperature":3                | temperature
                    "max_tokens":0                 | max_tokens
                    "stop_sequences":[1]           | stop_sequences.0
                    "messages":[{"role":"user"}]   | messages.0.content
                    "sluice":[]                    | sluice
                    """)
    void refusalNamesTheFieldAtFault(String field, String path) {
        RawClient client = RawClient.post(PATH, body("demo", "," + field)).toEnd();

        assertThat(assertRefused(client, 400, "invalid_request_error", "INVALID_REQUEST"))
                .startsWith(path + " ");
    }

    @Test
    void unknownModelIsNotFound() {
        for (String path : List.of(PATH, COUNT)) {
            assertRefused(RawClient.post(path, body("nope", "")).toEnd(), 404, "not_found_error", "MODEL_NOT_FOUND");
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    GET,  /v1/messages,               405, invalid_request_error, METHOD_NOT_ALLOWED
                    GET,  /v1/messages/count_tokens,  405, invalid_request_error, METHOD_NOT_ALLOWED
                    POST, /v1/messages/batches,       404, not_found_error,       NOT_FOUND
                    """)
    void whatIsNotThereIsNotFound(String method, String path, int status, String type, String code) {
        byte[] body = method.equals("POST") ? "{}".getBytes(StandardCharsets.UTF_8) : new byte[0];

        RawClient client =
                RawClient.connect().send(RawClient.request(method, path, body)).toEnd();

        assertRefused(client, status, type, code);
    }

    @Test
    void onlyJsonIsTaken() {
        RawClient client = RawClient.connect()
                .send(("POST " + PATH
                                + " HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}")
                        .getBytes(StandardCharsets.US_ASCII))
                .toEnd();

        assertRefused(client, 415, "invalid_request_error", "UNSUPPORTED_MEDIA_TYPE");
    }

    @Test
    void aBodyOverTheLimitIsRefused() {
        RawClient client = RawClient.connect()
                .send(("POST " + PATH + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                                + (LIMIT + 1) + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII))
                .toEnd();

        assertRefused(client, 413, "request_too_large", "PAYLOAD_TOO_LARGE");
    }

    @Test
    void otherPathsKeepTheirForm() {
        RawClient client = RawClient.post("/v1/messages-of-mine", "{}").toEnd();

        assertThat(client.status()).isEqualTo(404);
        assertThat(Json.names(Json.read(client.body()))).containsExactly("error");
    }

    @Test
    void countsTokensByAGuess() {
        RawClient client = RawClient.post(
                        COUNT,
                        "{\"model\":\"demo\",\"messages\":[{\"role\":\"user\",\"content\":\"" + "word ".repeat(80)
                                + "\"}]}")
                .toEnd();

        assertThat(client.status()).isEqualTo(200);
        assertThat(client.header("request-id")).startsWith("req_");
        assertThat(Json.read(client.body())).isEqualTo(Json.read("{\"input_tokens\":81}"));
    }

    /** Returns the message. */
    private static String assertRefused(RawClient client, int status, String type, String code) {
        assertThat(client.status()).as(client.body()).isEqualTo(status);
        assertThat(client.header("content-type")).isEqualTo("application/json");
        JsonNode body = Json.read(client.body());
        assertThat(Json.names(body)).containsExactly("error", "request_id", "type");
        assertThat(body.path("type").asText()).isEqualTo("error");
        assertThat(body.path("request_id").asText()).isNotEmpty().isEqualTo(client.header("request-id"));
        JsonNode error = body.path("error");
        assertThat(Json.names(error)).containsExactly("details", "message", "type");
        assertThat(error.path("type").asText()).isEqualTo(type);
        assertThat(error.at("/details/error_code").asText()).isEqualTo(code);
        assertThat(error.path("message").asText()).isNotEmpty().doesNotContain("Exception", "java.", "\tat ");
        return error.path("message").asText();
    }
}
