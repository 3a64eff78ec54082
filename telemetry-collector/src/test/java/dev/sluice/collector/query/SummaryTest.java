package dev.sluice.collector.query;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.collector.Batches;
import dev.sluice.collector.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
final class SummaryTest {

    /** An hour that no other test writes to. */
    private final Instant from = Instant.now().minus(Duration.ofHours(30)).truncatedTo(ChronoUnit.MILLIS);

    private final Instant to = from.plus(Duration.ofHours(1));

    @Test
    void theFiguresAddUp() {
        var first = Batches.streamId();
        var second = Batches.streamId();
        var events = List.of(
                at(Batches.event(first), 0),
                at(Batches.event(second), 1),
                ended(first, "failed", 2).put("error_type", "SERVER"),
                ended(first, "completed", 3)
                        .put("input_tokens", 10)
                        .put("output_tokens", 100)
                        .put("time_to_first_chunk_ms", 100)
                        .put("duration_ms", 1000),
                ended(second, "completed", 4)
                        .put("input_tokens", 1)
                        .put("time_to_first_chunk_ms", 300)
                        .put("duration_ms", 3000),
                ended(Batches.streamId(), "failed", 5)
                        .put("error_type", "TIMEOUT")
                        .put("request_model", "other"),
                ended(Batches.streamId(), "aborted", 6),
                at(Batches.event("instance-1").put("type", "request.rejected").put("error_type", "TIMEOUT"), 7),
                // The first instant that does not belong to the span any more.
                Batches.event(Batches.streamId()).put("event_time", to.toString()));
        given().contentType("application/json")
                .body(Batches.bytes(Batches.of(events)))
                .post("/api/telemetry")
                .then()
                .body("accepted", equalTo(events.size()));

        when().get("/api/telemetry/summary?from={from}&to={to}", from.toString(), to.toString())
                .then()
                .statusCode(200)
                .body("started", equalTo(2))
                .body("requests_rejected", equalTo(1))
                // The stream that failed and then completed counts by its last end only.
                .body("totals.completed", equalTo(2))
                .body("totals.failed", equalTo(1))
                .body("totals.aborted", equalTo(1))
                .body("totals.input_tokens", equalTo(11))
                .body("totals.output_tokens", equalTo(100))
                .body("totals.time_to_first_chunk_ms.p50", equalTo(200f))
                .body("totals.time_to_first_chunk_ms.p95", equalTo(290f))
                .body("totals.duration_ms.p50", equalTo(2000f))
                .body("totals.duration_ms.p95", equalTo(2900f))
                .body("models.name", contains("demo", "other"))
                .body("models[0].figures.completed", equalTo(2))
                .body("models[1].figures.failed", equalTo(1))
                .body("providers.name", contains("simulator"))
                .body("errors.error_type", contains("TIMEOUT"))
                .body("errors.count", contains(2));
    }

    @Test
    void aSpanInWhichNothingHappenedIsAllZero() {
        given().urlEncodingEnabled(false)
                .get("/api/telemetry/summary?from=2020-01-01T00:00:00Z&to=2020-01-01T01:00:00%2B00:00")
                .then()
                .statusCode(200)
                .body("from", equalTo("2020-01-01T00:00:00.000Z"))
                .body("started", equalTo(0))
                .body("totals.completed", equalTo(0))
                .body("totals.duration_ms.p50", nullValue())
                .body("models", empty());
    }

    @Test
    void theLastHourIsTheDefault() {
        when().get("/api/telemetry/summary").then().statusCode(200);
    }

    @ParameterizedTest
    @CsvSource({
        "from=yesterday,from",
        "to=1763719200,to",
        "from=2020-01-01,from",
        "from=2020-01-02T00:00:00Z&to=2020-01-01T00:00:00Z,from",
        "from=2020-01-01T00:00:00Z&to=2020-01-01T00:00:00Z,from"
    })
    void whatIsNoSpanIsRefused(String query, String param) {
        when().get("/api/telemetry/summary?" + query)
                .then()
                .statusCode(400)
                .body("error.code", equalTo("INVALID_REQUEST"))
                .body("error.param", equalTo(param));
    }

    @ParameterizedTest
    @CsvSource({"nobody", "a%00b", "%20"})
    void aStreamWithoutEventsIsNotFound(String id) {
        given().urlEncodingEnabled(false)
                .get("/api/telemetry/streams/" + id)
                .then()
                .statusCode(404)
                .body("error.code", equalTo("NOT_FOUND"));
    }

    private ObjectNode ended(String streamId, String outcome, int second) {
        return at(Batches.event(streamId), second)
                .put("type", "stream." + outcome)
                .put("outcome", outcome)
                .put("request_model", "demo")
                .put("provider_name", "simulator");
    }

    private ObjectNode at(ObjectNode event, int second) {
        return event.put("event_time", from.plusSeconds(second).toString());
    }
}
