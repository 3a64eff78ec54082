package dev.sluice.collector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;

/** Batches as a gateway sends them. */
public final class Batches {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Path CONTRACT = Path.of("..", "contracts", "telemetry", "batch.json");

    private Batches() {}

    /** The contract's batch, moved so that its first event happened a minute ago; new ids for events and streams. */
    public static ObjectNode contract() {
        try {
            var batch = (ObjectNode) MAPPER.readTree(CONTRACT.toFile());
            var first = Instant.parse(batch.at("/events/0/event_time").textValue());
            var shift = Duration.between(first, now().minusSeconds(60));
            var suffix = "-" + UUID.randomUUID();
            for (var event : batch.path("events")) {
                var fields = (ObjectNode) event;
                fields.put(
                        "event_time",
                        time(Instant.parse(event.path("event_time").textValue()).plus(shift)));
                fields.put("event_id", UUID.randomUUID().toString());
                fields.put("stream_id", event.path("stream_id").textValue() + suffix);
            }
            return batch;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A batch of these events from a gateway. */
    public static ObjectNode of(List<? extends JsonNode> events) {
        var batch = JsonNodeFactory.instance.objectNode();
        batch.putObject("source").put("kind", "gateway").put("id", "gateway").put("instance_id", "instance-1");
        batch.putArray("events").addAll(events);
        return batch;
    }

    /** The least that is an event, now. */
    public static ObjectNode event(String streamId) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("event_id", UUID.randomUUID().toString())
                .put("seq", 1)
                .put("event_time", time(now()))
                .put("type", "stream.started")
                .put("stream_id", streamId);
    }

    /** A stream that nobody else uses. */
    public static String streamId() {
        return "str_" + UUID.randomUUID();
    }

    public static byte[] bytes(JsonNode batch) {
        return batch.toString().getBytes(StandardCharsets.UTF_8);
    }

    public static byte[] gzip(byte[] body) {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    /** With milliseconds always, which {@link Instant#toString} leaves out when they are zero. */
    private static String time(Instant instant) {
        return instant.plusNanos(1).toString().replaceFirst("000001Z$", "Z");
    }
}
