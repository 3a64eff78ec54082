package dev.sluice.collector.ingest;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.collector.Batches;
import dev.sluice.collector.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
final class IngestTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void everyFieldOfTheContractIsStoredAndReturned() throws Exception {
        var batch = Batches.contract();
        post(batch, 11, 0);
        for (var sent : batch.path("events")) {
            var stored = stored(sent);
            for (var field : sent.properties()) {
                assertThat(same(stored.path(field.getKey()), field.getValue()))
                        .as("%s of %s", field, sent.path("type"))
                        .isTrue();
            }
            assertThat(stored.path("source_kind").textValue()).isEqualTo("gateway");
            assertThat(stored.path("source_instance_id")).isEqualTo(batch.at("/source/instance_id"));
            assertThat(stored.path("source_version").textValue()).isEqualTo("0.1.0");
        }
    }

    @Test
    void aStreamsEventsComeBackInOrder() throws Exception {
        var batch = Batches.contract();
        var streamId = batch.at("/events/0/stream_id").textValue();
        post(batch, 11, 0);
        assertThat(types(streamId))
                .containsExactly("stream.started", "attempt.failed", "stream.first_chunk", "stream.completed");
    }

    @Test
    void aResentBatchIsAllDuplicates() {
        var batch = Batches.contract();
        post(batch, 11, 0);
        post(batch, 0, 11);
    }

    @Test
    void theSameEventTwiceInOneBatchIsStoredOnce() {
        var event = Batches.event(Batches.streamId());
        post(Batches.of(List.of(event, event)), 1, 1);
    }

    @Test
    void concurrentDeliveriesOfOneBatchStoreItOnce() throws Exception {
        var streamId = Batches.streamId();
        var batch = Batches.of(
                Stream.generate(() -> Batches.event(streamId)).limit(50).toList());
        var deliveries = 16;
        try (var callers = Executors.newFixedThreadPool(deliveries)) {
            Callable<JsonNode> delivery = () -> MAPPER.readTree(given().contentType("application/json")
                    .body(Batches.bytes(batch))
                    .post("/api/telemetry")
                    .asByteArray());
            var accepted = 0;
            var duplicate = 0;
            for (var answer : callers.invokeAll(Collections.nCopies(deliveries, delivery))) {
                accepted += answer.get().path("accepted").intValue();
                duplicate += answer.get().path("duplicate").intValue();
            }
            assertThat(accepted).isEqualTo(50);
            assertThat(duplicate).isEqualTo(50 * (deliveries - 1));
        }
        assertThat(types(streamId)).hasSize(50);
    }

    @Test
    void aGzippedBatchIsTaken() {
        given().contentType("application/json")
                .header("Content-Encoding", "gzip")
                .body(Batches.gzip(Batches.bytes(Batches.contract())))
                .post("/api/telemetry")
                .then()
                .statusCode(200)
                .body("accepted", equalTo(11));
    }

    @Test
    void aThousandEventsAreTaken() {
        var streamId = Batches.streamId();
        post(
                Batches.of(Stream.generate(() -> Batches.event(streamId))
                        .limit(1000)
                        .toList()),
                1000,
                0);
    }

    @Test
    void anEmptyBatchIsTaken() {
        post(Batches.of(List.of()), 0, 0);
    }

    @Test
    void aBadEventIsRejectedAloneWithItsPlace() {
        var streamId = Batches.streamId();
        var bad = Batches.event(streamId).put("type", "stream.exploded");
        given().contentType("application/json")
                .body(Batches.bytes(Batches.of(List.of(Batches.event(streamId), bad, Batches.event(streamId)))))
                .post("/api/telemetry")
                .then()
                .statusCode(200)
                .body("accepted", equalTo(2))
                .body("rejected", hasSize(1))
                .body("rejected[0].index", equalTo(1))
                .body("rejected[0].code", equalTo("UNKNOWN_TYPE"));
        assertThat(types(streamId)).hasSize(2);
    }

    @Test
    void unknownFieldsAreLeftOut() throws Exception {
        var event = Batches.event(Batches.streamId()).put("prompt", "not for keeping");
        post(Batches.of(List.of(event)), 1, 0);
        assertThat(stored(event).has("prompt")).isFalse();
    }

    @Test
    void everyReceivedEventIsCountedOnceMoreUnderWhatBecameOfIt() {
        post(Batches.contract(), 11, 0);
        var metrics = when().get("/q/metrics").asString();
        var settled = Stream.of("inserted", "duplicate", "rejected", "quarantined", "returned")
                .mapToDouble(result -> metric(metrics, "sluice_collector_events_total{result=\"" + result + "\"}"))
                .sum();
        assertThat(settled + metric(metrics, "sluice_collector_events_pending"))
                .isEqualTo(metric(metrics, "sluice_collector_events_total{result=\"received\"}"))
                .isGreaterThanOrEqualTo(11);
    }

    private static void post(ObjectNode batch, int accepted, int duplicate) {
        given().contentType("application/json")
                .body(Batches.bytes(batch))
                .post("/api/telemetry")
                .then()
                .statusCode(200)
                .body("accepted", equalTo(accepted))
                .body("duplicate", equalTo(duplicate))
                .body("rejected", hasSize(0));
    }

    private static JsonNode stored(JsonNode sent) throws Exception {
        var timeline = MAPPER.readTree(
                when().get("/api/telemetry/streams/{id}", sent.path("stream_id").textValue())
                        .asByteArray());
        for (var event : timeline.path("events")) {
            if (event.path("event_id").equals(sent.path("event_id"))) {
                return event;
            }
        }
        throw new AssertionError("not stored: " + sent);
    }

    private static List<String> types(String streamId) {
        return when().get("/api/telemetry/streams/{id}", streamId).jsonPath().getList("events.type", String.class);
    }

    private static boolean same(JsonNode stored, JsonNode sent) {
        return sent.isNumber() ? stored.doubleValue() == sent.doubleValue() : stored.equals(sent);
    }

    private static double metric(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no metric " + name));
    }
}
