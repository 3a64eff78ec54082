package dev.sluice.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(PatientProfile.class)
class BadRequestsTest {

    private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";
    private static final String GOOD = "{\"model\":\"demo\"," + MESSAGES
            + ",\"stream\":true,\"temperature\":0.5,\"stop\":[\"a\",\"b\"],\"tools\":[],\"max_tokens\":5,"
            + "\"sluice\":{\"simulate\":{\"chunks\":2,\"first_ms\":0,\"interval_ms\":0}}}";
    private static final int LIMIT = 4 * 1_024 * 1_024;

    private final LogTap log = new LogTap();

    @AfterEach
    void nothingIsWrongWithTheGateway() {
        log.close();
        assertThat(log.errors()).isEmpty();
    }

    static List<Arguments> bodies() {
        Map<String, String> bodies = new TreeMap<>();
        bodies.put("{", "no end");
        bodies.put("nonsense", "no JSON");
        bodies.put("[]", "an array");
        bodies.put("\"text\"", "a string");
        bodies.put("null", "null");
        bodies.put("{\"model\":\"demo\"," + MESSAGES + "} {}", "two documents");
        bodies.put("{}", "nothing in it");
        bodies.put("{\"model\":\"demo\"}", "no messages");
        bodies.put("{\"model\":\"demo\",\"messages\":[]}", "empty messages");
        bodies.put("{\"model\":\"demo\",\"messages\":{}}", "messages are an object");
        bodies.put("{\"model\":\"demo\",\"messages\":[1]}", "a message is a number");
        bodies.put("{\"model\":\"demo\",\"messages\":[null]}", "a message is null");
        bodies.put("{\"model\":\"demo\",\"messages\":[{\"role\":\"king\",\"content\":\"\"}]}", "an unknown role");
        bodies.put("{\"model\":\"demo\",\"messages\":[{\"role\":\"user\"}]}", "no content");
        bodies.put("{\"model\":\"demo\",\"messages\":[{\"role\":\"user\",\"content\":5}]}", "content is a number");
        bodies.put("{" + MESSAGES + "}", "no model");
        bodies.put("{\"model\":5," + MESSAGES + "}", "model is a number");
        bodies.put("{\"model\":\" \"," + MESSAGES + "}", "model is blank");
        bodies.put("{\"model\":\"demo\u0000\u0001," + MESSAGES + "}", "NULs within a string");
        bodies.put("{\"model\":\"demo\",\u0000" + MESSAGES + "}", "a NUL between fields");
        bodies.put("[".repeat(100_000), "deep arrays");
        bodies.put(
                "{\"model\":\"demo\",\"x\":" + "{\"x\":".repeat(50_000) + "1" + "}".repeat(50_000) + "}",
                "deep objects");
        for (String field : List.of(
                "\"stream\":\"yes\"",
                "\"stream\":1",
                "\"stream_options\":[]",
                "\"temperature\":\"hot\"",
                "\"temperature\":1e400",
                "\"temperature\":-0.1",
                "\"max_tokens\":0",
                "\"max_tokens\":1.5",
                "\"max_tokens\":99999999999999999999999999999999",
                "\"max_tokens\":1e99999999",
                "\"n\":2",
                "\"n\":4294967297",
                "\"stop\":[1]",
                "\"tools\":{}",
                "\"seed\":\"x\"",
                "\"sluice\":[]",
                "\"sluice\":{\"simulate\":[]}",
                "\"sluice\":{\"simulate\":{\"chunks\":-1}}",
                "\"sluice\":{\"simulate\":{\"chunks\":1e9}}",
                "\"sluice\":{\"simulate\":{\"unknown\":1}}",
                "\"sluice\":{\"simulate\":{\"status\":200}}",
                "\"huge\":" + "9".repeat(2_000))) {
            bodies.put(
                    "{\"model\":\"demo\"," + MESSAGES + "," + field + "}",
                    field.substring(0, Math.min(60, field.length())));
        }
        List<Arguments> cases = new ArrayList<>();
        bodies.forEach((body, name) -> {
            cases.add(Arguments.argumentSet("chat: " + name, "/v1/chat/completions", body));
            cases.add(Arguments.argumentSet("streams: " + name, "/v1/streams", body));
        });
        return cases;
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void bodyThatCannotBeMeantIsRefused(String path, String body) {
        RawClient client = RawClient.post(path, body).toEnd();

        assertRefused(client, 400, "INVALID_REQUEST");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "stream_id":""            | stream_id
                    "stream_id":"a b"         | stream_id
                    "stream_id":5             | stream_id
                    "on_disconnect":"explode" | on_disconnect
                    "on_disconnect":1         | on_disconnect
                    "on_interrupt":"resume"   | on_interrupt
                    "on_interrupt":true       | on_interrupt
                    "sluice":{"on_interrupt":1} | sluice.on_interrupt
                    "on_interrupt":"continue","response_format":{"type":"json_object"} | on_interrupt
                    "fallbacks":"demo"        | fallbacks
                    "fallbacks":[]            | fallbacks
                    "fallbacks":[1]           | fallbacks
                    "temperature":3           | temperature
                    "messages":"hi"           | messages
                    """)
    void refusalNamesTheFieldAtFault(String field, String param) {
        RawClient client = RawClient.post("/v1/streams", "{\"model\":\"demo\"," + MESSAGES + "," + field + "}")
                .toEnd();

        assertThat(assertRefused(client, 400, "INVALID_REQUEST").path("param").asText())
                .isEqualTo(param);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/chat/completions", "/v1/streams"})
    void bytesThatAreNoUtf8AreRefused(String path) {
        byte[] body = "{\"model\":\"demo\",\"messages\":[{\"role\":\"user\",\"content\":\"\u00ff\u00c3\"}]}"
                .getBytes(StandardCharsets.ISO_8859_1);

        RawClient client =
                RawClient.connect().send(RawClient.request("POST", path, body)).toEnd();

        assertRefused(client, 400, "INVALID_REQUEST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/chat/completions", "/v1/streams"})
    void emptyBodyIsRefused(String path) {
        byte[] request =
                RawClient.request("POST", path, new byte[0], "Content-Type: application/json", "Content-Length: 0");

        assertRefused(RawClient.connect().send(request).toEnd(), 400, "INVALID_REQUEST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nope", "simulator", "/x", "simulator/", "nobody/x", "../etc", "demo\\u0000"})
    void unknownModelIsNotFound(String model) {
        for (String path : List.of("/v1/chat/completions", "/v1/streams")) {
            RawClient client = RawClient.post(path, "{\"model\":\"" + model + "\"," + MESSAGES + "}")
                    .toEnd();

            assertThat(assertRefused(client, 404, "MODEL_NOT_FOUND")
                            .path("param")
                            .asText())
                    .isEqualTo("model");
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    GET,    /v1/nothing,                404, NOT_FOUND
                    POST,   /v1/nothing,                404, NOT_FOUND
                    GET,    /nothing,                   404, NOT_FOUND
                    GET,    /v1/chat/completions,       405, METHOD_NOT_ALLOWED
                    PUT,    /v1/streams,                405, METHOD_NOT_ALLOWED
                    DELETE, /v1/models,                 405, METHOD_NOT_ALLOWED
                    GET,    /v1/models/nobody/x,        404, MODEL_NOT_FOUND
                    GET,    /v1/streams/str_unknown,    404, STREAM_NOT_FOUND
                    GET,    /v1/streams/not%20an%20id,  404, STREAM_NOT_FOUND
                    DELETE, /v1/streams/str_unknown,    404, STREAM_NOT_FOUND
                    """)
    void whatIsNotThereIsNotFound(String method, String path, int status, String code) {
        byte[] body = method.startsWith("P") ? "{}".getBytes(StandardCharsets.UTF_8) : new byte[0];

        RawClient client =
                RawClient.connect().send(RawClient.request(method, path, body)).toEnd();

        assertRefused(client, status, code);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "rubbish"})
    void onlyJsonIsTaken(String type) {
        for (String path : List.of("/v1/chat/completions", "/v1/streams")) {
            String request = "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: " + type + "\r\nContent-Length: "
                    + GOOD.length() + "\r\n\r\n" + GOOD;

            RawClient client = RawClient.connect()
                    .send(request.getBytes(StandardCharsets.UTF_8))
                    .toEnd();

            assertThat(client.status()).isBetween(400, 415);
            assertRefused(
                    client, client.status(), client.status() == 415 ? "UNSUPPORTED_MEDIA_TYPE" : "INVALID_REQUEST");
        }
    }

    @Test
    void announcedBodyOverTheLimitIsRefusedUnread() {
        for (String length : List.of(Integer.toString(LIMIT + 1), "999999999999999999", "9".repeat(40))) {
            String request =
                    "POST /v1/streams HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                            + length + "\r\n\r\n";

            RawClient client = RawClient.connect()
                    .send(request.getBytes(StandardCharsets.US_ASCII))
                    .toEnd();

            assertThat(client.status()).as(length).isBetween(400, 413);
            if (client.status() == 413) {
                assertRefused(client, 413, "PAYLOAD_TOO_LARGE");
            }
        }
    }

    /** The connection may be gone before an answer is; that nothing is logged as a fault, this class looks at after each test. */
    @Test
    void chunkOfNoSizeEndsTheConnection() {
        RawClient client = RawClient.connect()
                .send(
                        "POST /v1/streams HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
                                .getBytes(StandardCharsets.US_ASCII));

        assertThat(client.closedByServer()).isTrue();
    }

    @Test
    void chunkedBodyOverTheLimitIsRefused() {
        RawClient client = RawClient.connect()
                .send(
                        "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
        byte[] chunk = ("10000\r\n" + " ".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        for (int sent = 0; sent <= LIMIT; sent += 0x10000) {
            client.send(chunk);
        }

        assertRefused(client.toEnd(), 413, "PAYLOAD_TOO_LARGE");
    }

    @Test
    void chunkedBodyWithinTheLimitIsTaken() {
        String request = "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(GOOD.length()) + "\r\n" + GOOD
                + "\r\n0\r\n\r\n";

        RawClient client = RawClient.connect()
                .send(request.getBytes(StandardCharsets.UTF_8))
                .toEnd();

        assertThat(client.frames().last().data()).isEqualTo("[DONE]");
    }

    @Test
    void bodyJustUnderTheLimitIsTaken() {
        String body = GOOD + " ".repeat(LIMIT - GOOD.length());

        assertThat(RawClient.post("/v1/chat/completions", body).toEnd().status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"x", "-1", "1.5", "99", "5", "9223372036854775807", "99999999999999999999", "0x1", " 1 2", "%00"
            })
    void offsetThatIsNoneIsRefused(String offset) {
        String id = endedStream();

        assertRefused(
                RawClient.get("/v1/streams/" + id, "Last-Event-ID: " + offset).toEnd(), 400, "INVALID_REQUEST");
        if (!offset.equals("5")) {
            assertRefused(
                    RawClient.get("/v1/streams/" + id + "?offset=" + offset.replace(" ", "%20"))
                            .toEnd(),
                    400,
                    "INVALID_REQUEST");
        }
    }

    @Test
    void streamOfAnotherKeyDoesNotExist() {
        String body = "{\"model\":\"demo\",\"stream_id\":\"mine-1\"," + MESSAGES + "}";
        RawClient.post("/v1/streams", body, "Authorization: Bearer sk-one", "Prefer: respond-async")
                .toEnd();

        for (String other : List.of("Authorization: Bearer sk-two", "x-api-key: sk-three", "X-Nothing: 1")) {
            assertRefused(RawClient.get("/v1/streams/mine-1", other).toEnd(), 404, "STREAM_NOT_FOUND");
            assertRefused(RawClient.delete("/v1/streams/mine-1", other).toEnd(), 404, "STREAM_NOT_FOUND");
        }
        assertThat(RawClient.get("/v1/streams/mine-1", "x-api-key: sk-one")
                        .until("accepted")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void clientThatTakesNoFormOfAStreamIsToldSo() {
        assertRefused(RawClient.post("/v1/streams", GOOD, "Accept: image/png").toEnd(), 406, "NOT_ACCEPTABLE");
    }

    @Test
    void repeatedFieldsAreNoReasonToFail() {
        RawClient client = RawClient.post("/v1/chat/completions", "{\"model\":\"nope\"," + GOOD.substring(1))
                .toEnd();

        assertThat(client.status()).isIn(200, 400);
    }

    /** Whatever bytes come, the answer is 200 or a well-formed refusal. */
    @Test
    void noMutationOfAGoodRequestBreaksTheGateway() {
        long seed = System.nanoTime();
        System.out.println("seed of the mutations: " + seed);
        Random random = new Random(seed);
        Map<Integer, Integer> statuses = new TreeMap<>();
        for (int i = 0; i < 1_000; i++) {
            byte[] body = mutate(GOOD.getBytes(StandardCharsets.UTF_8), random);
            String path = random.nextBoolean() ? "/v1/chat/completions" : "/v1/streams";
            try (RawClient client = RawClient.connect().send(RawClient.request("POST", path, body))) {
                statuses.merge(client.status(), 1, Integer::sum);
                if (client.status() != 200) {
                    assertThat(client.status())
                            .as("seed %d, round %d: %s", seed, i, new String(body, StandardCharsets.UTF_8))
                            .isBetween(400, 499);
                    assertRefused(
                            client.toEnd(),
                            client.status(),
                            Json.read(client.body()).at("/error/code").asText());
                }
            }
        }
        System.out.println("statuses of the mutations: " + statuses);
        assertThat(statuses).containsKeys(200, 400);
    }

    private static byte[] mutate(byte[] good, Random random) {
        List<Function<byte[], byte[]>> mutations = List.of(
                bytes -> {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                    return bytes;
                },
                bytes -> {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                    return bytes;
                },
                bytes -> splice(bytes, random.nextInt(bytes.length), random.nextInt(4), new byte[0]),
                bytes -> splice(
                        bytes,
                        random.nextInt(bytes.length),
                        0,
                        TOKENS.get(random.nextInt(TOKENS.size())).getBytes(StandardCharsets.UTF_8)),
                bytes -> {
                    int at = random.nextInt(bytes.length);
                    int end = at;
                    while (end < bytes.length && Character.isLetterOrDigit(bytes[end])) {
                        end++;
                    }
                    return splice(
                            bytes,
                            at,
                            end - at,
                            TOKENS.get(random.nextInt(TOKENS.size())).getBytes(StandardCharsets.UTF_8));
                });
        byte[] body = good.clone();
        int rounds = 1 + random.nextInt(3);
        for (int i = 0; i < rounds && body.length > 8; i++) {
            body = mutations.get(random.nextInt(mutations.size())).apply(body);
        }
        return body;
    }

    private static final List<String> TOKENS = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1e999",
            "99999999999",
            "{}",
            "[]",
            "\"\"",
            "\"",
            "\\u0000",
            "\\ud800",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"stream\":",
            "\"\":1,",
            "NaN",
            "\u0000",
            "👋");

    private static byte[] splice(byte[] bytes, int at, int remove, byte[] insert) {
        int end = Math.min(bytes.length, at + remove);
        byte[] result = new byte[bytes.length - (end - at) + insert.length];
        System.arraycopy(bytes, 0, result, 0, at);
        System.arraycopy(insert, 0, result, at, insert.length);
        System.arraycopy(bytes, end, result, at + insert.length, bytes.length - end);
        return result;
    }

    /** Returns the id of a stream with the offsets 0 to 4: accepted, connecting, streaming, one chunk, complete. */
    private static String endedStream() {
        RawClient client = RawClient.post(
                        "/v1/streams",
                        "{\"model\":\"demo\"," + MESSAGES + ",\"sluice\":{\"simulate\":{\"chunks\":1,\"first_ms\":0}}}")
                .toEnd();
        assertThat(client.frames().last().id()).isEqualTo("4");
        return client.header("x-stream-id");
    }

    private static JsonNode assertRefused(RawClient client, int status, String code) {
        assertThat(client.status()).as(client.body()).isEqualTo(status);
        assertThat(client.header("content-type")).isEqualTo("application/json");
        JsonNode body = Json.read(client.body());
        assertThat(Json.names(body)).containsExactly("error");
        JsonNode error = body.path("error");
        assertThat(Json.names(error)).containsExactly("code", "message", "param", "type");
        assertThat(error.path("code").asText()).isEqualTo(code);
        assertThat(error.path("message").asText()).isNotEmpty().doesNotContain("Exception", "java.", "\tat ");
        assertThat(error.path("type").asText()).isNotEmpty();
        return error;
    }
}
