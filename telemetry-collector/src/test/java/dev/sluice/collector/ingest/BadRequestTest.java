package dev.sluice.collector.ingest;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.hamcrest.Matchers.blankOrNullString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;

import dev.sluice.collector.Batches;
import dev.sluice.collector.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
final class BadRequestTest {

    private static final String SOURCE = "\"source\":{\"kind\":\"gateway\",\"id\":\"g\",\"instance_id\":\"i\"}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "{\"events\":[",
                "[]",
                "null",
                "1",
                "{}",
                "{\"events\":{}}",
                "{\"events\":null}",
                "{\"events\":[]}",
                "{\"events\":[],\"source\":{\"kind\":1,\"id\":\"g\",\"instance_id\":\"i\"}}",
                "{\"events\":[],\"source\":{\"kind\":\"a\\u0000b\",\"id\":\"g\",\"instance_id\":\"i\"}}",
                "{" + SOURCE + ",\"events\":[]} trailing",
                "{" + SOURCE + ",\"events\":[{\"seq\":NaN}]}"
            })
    void whatIsNoBatchIsRefusedAsAWhole(String body) {
        refused(json(body.getBytes(StandardCharsets.UTF_8)), 400, "INVALID_REQUEST");
    }

    @Test
    void nestingWithoutEndIsRefused() {
        refused(json("[".repeat(100_000).getBytes(StandardCharsets.UTF_8)), 400, "INVALID_REQUEST");
    }

    @Test
    void aTruncatedGzipStreamIsRefused() {
        var whole = Batches.gzip(Batches.bytes(Batches.contract()));
        refused(encoded("gzip", Arrays.copyOf(whole, whole.length / 2)), 400, "INVALID_REQUEST");
        refused(encoded("gzip", Arrays.copyOf(whole, whole.length - 4)), 400, "INVALID_REQUEST");
        refused(encoded("gzip", new byte[0]), 400, "INVALID_REQUEST");
    }

    @Test
    void whatIsNoGzipStreamIsRefused() {
        refused(encoded("gzip", Batches.bytes(Batches.contract())), 400, "INVALID_REQUEST");
    }

    @Test
    void aGzipBombIsRefusedWithoutBeingInflated() {
        refused(encoded("gzip", Batches.gzip(new byte[64 << 20])), 413, "PAYLOAD_TOO_LARGE");
    }

    @Test
    void moreThanAThousandEventsAreRefused() {
        var events = Stream.generate(() -> Batches.event("s")).limit(1001).toList();
        refused(json(Batches.bytes(Batches.of(events))), 413, "PAYLOAD_TOO_LARGE");
    }

    @Test
    void aBodyOverOneMebibyteIsRefused() {
        refused(json(padded(1 << 20)), 413, "PAYLOAD_TOO_LARGE");
    }

    @Test
    void aBodyOverWhatIsReadAtAllIsRefused() {
        refused(json(padded(9 << 20)), 413, "PAYLOAD_TOO_LARGE");
    }

    @Test
    void anotherContentTypeIsRefused() {
        refused(given().contentType("text/plain").body("{}").post("/api/telemetry"), 415, "UNSUPPORTED_MEDIA_TYPE");
    }

    @Test
    void anotherCodingIsRefused() {
        refused(encoded("br", Batches.bytes(Batches.contract())), 415, "UNSUPPORTED_MEDIA_TYPE");
        refused(encoded("gzip, gzip", Batches.bytes(Batches.contract())), 415, "UNSUPPORTED_MEDIA_TYPE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/nothing", "/api", "/api/telemetry/nothing", "/api/telemetry/streams", "/q/nothing"})
    void anUnknownPathIsNotFound(String path) {
        refused(when().get(path), 404, "NOT_FOUND");
    }

    @Test
    void aWrongMethodIsNotAllowed() {
        refused(when().get("/api/telemetry"), 405, "METHOD_NOT_ALLOWED");
        refused(when().delete("/api/telemetry/summary"), 405, "METHOD_NOT_ALLOWED");
    }

    private static byte[] padded(int bytes) {
        var body = "{" + SOURCE + ",\"events\":[],\"padding\":\"" + "x".repeat(bytes) + "\"}";
        return body.getBytes(StandardCharsets.UTF_8);
    }

    private static Response json(byte[] body) {
        return given().contentType("application/json").body(body).post("/api/telemetry");
    }

    private static Response encoded(String coding, byte[] body) {
        return given().contentType("application/json")
                .header("Content-Encoding", coding)
                .body(body)
                .post("/api/telemetry");
    }

    private static void refused(Response response, int status, String code) {
        response.then()
                .statusCode(status)
                .body("error.code", equalTo(code))
                .body("error.message", not(blankOrNullString()))
                .body("error.type", equalTo("invalid_request_error"))
                .body("error", hasKey("param"));
    }
}
