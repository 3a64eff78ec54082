package dev.sluice.collector.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.collector.Batches;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EventDecoderTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Source SOURCE = new Source("gateway", "gateway", "instance-1", null);

    private final EventDecoder decoder = new EventDecoder(TestSettings.with(Map.of()));

    @ParameterizedTest
    @ValueSource(strings = {"event_id", "seq", "event_time", "type", "stream_id"})
    void aMissingOrNullFieldIsRejected(String field) {
        var missing = event();
        missing.remove(field);
        assertThat(rejection(missing)).isEqualTo(Rejection.Code.MISSING_FIELD);
        assertThat(rejection(event().putNull(field))).isEqualTo(Rejection.Code.MISSING_FIELD);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            event_id          | "no-uuid"
            event_id          | "1-1-1-1-1"
            event_id          | 1
            seq               | 0
            seq               | 1.5
            seq               | "1"
            seq               | 9223372036854775808
            type              | 1
            stream_id         | ""
            stream_id         | 5
            stream_id         | "a\\u0000b"
            request_model     | "a\\u0000b"
            request_model     | "\\ud800"
            request_model     | ["demo"]
            streamed          | "true"
            streamed          | 1
            outcome           | "exploded"
            http_status       | 99
            http_status       | 600
            http_status       | "503"
            attempt           | 0
            attempts          | 2147483648
            input_tokens      | -1
            input_tokens      | 1e3
            output_tokens     | 1e400
            duration_ms       | -0.1
            duration_ms       | 1e309
            duration_ms       | 1e300
            duration_ms       | "1"
            chunk_gaps_ms     | [1]
            chunk_gaps_ms     | {"x": 1}
            chunk_gaps_ms     | {"10": -1}
            chunk_gaps_ms     | {"10": 1.5}
            chunk_gaps_ms     | {"1\\u0000": 1}
            breaker_to        | "ajar"
            event_time        | 1763719200
            event_time        | "yesterday"
            event_time        | "2026-11-21"
            event_time        | "2026-11-21T10:00:00"
            event_time        | "2026-02-30T10:00:00Z"
            """)
    void aFieldThatBreaksItsRuleIsRejected(String field, String json) throws Exception {
        var event = event();
        event.set(field, new ObjectMapper().readTree(json));
        assertThat(rejection(event)).isEqualTo(Rejection.Code.INVALID_FIELD);
    }

    @Test
    void aTextOfMoreThan128CharactersIsRejected() {
        assertThat(decode(event().put("request_model", "m".repeat(128)))).isInstanceOf(Checked.Accepted.class);
        assertThat(rejection(event().put("request_model", "m".repeat(129)))).isEqualTo(Rejection.Code.INVALID_FIELD);
    }

    @Test
    void anUnknownTypeHasACodeOfItsOwn() {
        assertThat(rejection(event().put("type", "stream.exploded"))).isEqualTo(Rejection.Code.UNKNOWN_TYPE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1970-01-01T00:00:00Z",
                "2100-01-01T00:00:00Z",
                "2026-11-21T10:10:00.001Z",
                "2026-11-19T09:59:59.999Z"
            })
    void aTimeOutsideTheWindowIsRejected(String time) {
        assertThat(rejection(event().put("event_time", time))).isEqualTo(Rejection.Code.OUT_OF_WINDOW);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-21T10:10:00Z", "2026-11-19T10:00:00Z", "2026-11-21T12:30:00.123456789+02:30"})
    void aTimeAtTheEdgeOfTheWindowIsTaken(String time) {
        assertThat(decode(event().put("event_time", time))).isInstanceOf(Checked.Accepted.class);
    }

    @Test
    void aTimeIsCutToWhatPostgresCanHold() {
        var event = event().put("event_time", "2026-11-21T10:00:00.123456789Z");
        assertThat(decode(event))
                .isInstanceOfSatisfying(
                        Checked.Accepted.class,
                        accepted -> assertThat(accepted.event().key().eventTime())
                                .isEqualTo(NOW.plus(Duration.ofNanos(123_456_000))));
    }

    @Test
    void whatIsNoObjectIsRejected() throws Exception {
        assertThat(rejection(new ObjectMapper().readTree("[1]"))).isEqualTo(Rejection.Code.NOT_AN_OBJECT);
    }

    @Test
    void aMessageNeverRepeatsWhatWasSent() {
        var checked = decode(event().put("outcome", "secret"));
        assertThat(checked.toString()).doesNotContain("secret");
    }

    private static ObjectNode event() {
        return Batches.event("str_1").put("event_time", NOW.toString());
    }

    private Checked decode(JsonNode event) {
        return decoder.decode(3, event, SOURCE, NOW);
    }

    private Rejection.Code rejection(JsonNode event) {
        return switch (decode(event)) {
            case Checked.Refused(var rejection) -> rejection.code();
            case Checked.Accepted _ -> throw new AssertionError("accepted: " + event);
        };
    }
}
