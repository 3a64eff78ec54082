package dev.sluice.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.Milestone;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TelemetryJsonTest {

    private static final Path CONTRACT = Path.of("..", "contracts", "telemetry", "batch.json");
    private static final JsonMapper JSON = new JsonMapper();
    private static final UUID ID = UUID.fromString("01991f3a-7c01-7000-8000-000000000001");
    private static final Instant TIME = Instant.parse("2026-11-21T10:00:00.120999Z");

    private final TelemetryJson json = new TelemetryJson(new TelemetrySource("gateway", "instance-1", "0.1.0"));

    @Test
    void writesTheFieldsOfTheContractAndNoOthers() throws IOException {
        assertThat(fields(batch(Sample.full()))).isEqualTo(fields(JSON.readTree(CONTRACT.toFile())));
    }

    @Test
    void leavesOutWhatIsNotKnown() throws IOException {
        fields(batch(Sample.empty()))
                .forEach((type, fields) ->
                        assertThat(fieldsOfContract(type)).as(type).containsAll(fields));
        assertThat(batch(Sample.empty()).findValues("provider_name"))
                .as("of attempts and breakers only")
                .hasSize(4);
    }

    @Test
    void writesEveryMilestoneThereIs() throws IOException {
        assertThat(batch(Sample.full()).path("events")).hasSize(Milestone.class.getPermittedSubclasses().length + 1);
    }

    @Test
    void tellsWhoReports() throws IOException {
        assertThat(batch(List.of()))
                .isEqualTo(JSON.readTree("{\"source\":{\"kind\":\"gateway\",\"id\":\"gateway\","
                        + "\"instance_id\":\"instance-1\",\"version\":\"0.1.0\"},\"events\":[]}"));
    }

    @Test
    void tellsIdNumberAndTimeOfEachEvent() throws IOException {
        JsonNode event = batch(Sample.full()).at("/events/1");

        assertThat(event.path("event_id").textValue()).isEqualTo(ID.toString());
        assertThat(event.path("seq").longValue()).isEqualTo(2);
        assertThat(event.path("event_time").textValue()).isEqualTo("2026-11-21T10:00:00.120Z");
    }

    @Test
    void tellsDurationsInMilliseconds() throws IOException {
        JsonNode events = batch(Sample.full()).path("events");

        assertThat(events.at("/1/retry_in_ms").doubleValue()).isEqualTo(980);
        assertThat(events.at("/2/time_to_first_chunk_ms").doubleValue()).isEqualTo(1310.5);
        assertThat(events.at("/4/duration_ms").doubleValue()).isEqualTo(1234.568);
        assertThat(events.at("/4/chunk_gap_max_ms").doubleValue()).isEqualTo(20_000);
        assertThat(events.at("/4/chunk_gaps_ms")).hasToString("{\"50\":1,\"inf\":1}");
    }

    @Test
    void givesEventsThatBelongToNoStreamTheInstancesId() throws IOException {
        for (JsonNode event : batch(Sample.full()).path("events")) {
            boolean ofAStream = event.path("type").textValue().matches("(stream|attempt)\\..*");
            assertThat(event.path("stream_id").textValue()).isEqualTo(ofAStream ? "str_1" : "instance-1");
        }
    }

    @Test
    void carriesNoContentAndNoKey() {
        String text = new String(json.batch(events(Sample.full())), StandardCharsets.UTF_8);

        assertThat(text).doesNotContain("CONTENT", "key-of", "header-of", "example");
    }

    @Test
    void cutsNamesThatCallersChooseAsTheCollectorWants() throws IOException {
        JsonNode rejected = batch(List.of(new Fact.Reached(
                        new Milestone.Rejected("/" + "x".repeat(1_000), null, GatewayError.invalid(null, "No.")))))
                .at("/events/0");

        assertThat(rejected.path("endpoint").textValue()).hasSize(128);
    }

    private JsonNode batch(List<Fact> facts) throws IOException {
        return JSON.readTree(json.batch(events(facts)));
    }

    private static List<TelemetryEvent> events(List<Fact> facts) {
        List<TelemetryEvent> events = new ArrayList<>();
        for (Fact fact : facts) {
            events.add(new TelemetryEvent(ID, events.size() + 1, TIME, fact));
        }
        return events;
    }

    private static Set<String> fieldsOfContract(String type) {
        try {
            return fields(JSON.readTree(CONTRACT.toFile())).getOrDefault(type, new TreeSet<>());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Set<String>> fields(JsonNode batch) {
        Map<String, Set<String>> fields = new TreeMap<>();
        for (JsonNode event : batch.path("events")) {
            Set<String> names = fields.computeIfAbsent(event.path("type").textValue(), _ -> new TreeSet<>());
            event.fieldNames().forEachRemaining(names::add);
        }
        return fields;
    }
}
