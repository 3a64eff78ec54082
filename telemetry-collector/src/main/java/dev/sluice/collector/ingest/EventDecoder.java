package dev.sluice.collector.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.collector.settings.CollectorSettings;
import dev.sluice.collector.storage.EventColumn;
import dev.sluice.collector.storage.TelemetryEvent;
import jakarta.inject.Singleton;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks one event at a time. Unknown fields are left out, so that a newer gateway can talk to an older collector. */
@Singleton
final class EventDecoder {

    private static final List<EventColumn> REQUIRED = List.of(
            EventColumn.EVENT_ID, EventColumn.SEQ, EventColumn.EVENT_TIME, EventColumn.TYPE, EventColumn.STREAM_ID);

    private final CollectorSettings.Window window;

    EventDecoder(CollectorSettings settings) {
        this.window = settings.window();
    }

    /** The event to store, or the reason why not. {@code receivedAt} is what the window is measured from. */
    Checked decode(int index, JsonNode json, Source source, Instant receivedAt) {
        if (!json.isObject()) {
            return refuse(index, Rejection.Code.NOT_AN_OBJECT, "an event must be an object");
        }
        var values = new EnumMap<EventColumn, Object>(EventColumn.class);
        for (var column : REQUIRED) {
            if (absent(json.get(column.label()))) {
                return refuse(index, Rejection.Code.MISSING_FIELD, column.label() + " is missing");
            }
        }
        for (var field : json.properties()) {
            var column = EventFields.byName().get(field.getKey());
            var rule = column == null ? null : EventFields.all().get(column);
            if (column == null || rule == null || absent(field.getValue())) {
                continue;
            }
            var value = rule.accept(field.getValue());
            if (value == null) {
                return refuse(index, code(column, field.getValue()), column.label() + " must be " + rule.expectation());
            }
            values.put(column, value);
        }
        return decodeTime(index, json.path(EventColumn.EVENT_TIME.label()), values, source, receivedAt);
    }

    private Checked decodeTime(
            int index, JsonNode json, Map<EventColumn, Object> values, Source source, Instant receivedAt) {
        var time = time(json);
        if (time == null) {
            return refuse(index, Rejection.Code.INVALID_FIELD, "event_time must be an RFC 3339 time");
        }
        if (time.isBefore(receivedAt.minus(window.past())) || time.isAfter(receivedAt.plus(window.future()))) {
            return refuse(
                    index,
                    Rejection.Code.OUT_OF_WINDOW,
                    "event_time must be at most %s ago and at most %s ahead".formatted(window.past(), window.future()));
        }
        values.put(EventColumn.EVENT_TIME, time);
        values.put(EventColumn.RECEIVED_AT, receivedAt.truncatedTo(ChronoUnit.MICROS));
        values.put(EventColumn.SOURCE_KIND, source.kind());
        values.put(EventColumn.SOURCE_ID, source.id());
        values.put(EventColumn.SOURCE_INSTANCE_ID, source.instanceId());
        var version = source.version();
        if (version != null) {
            values.put(EventColumn.SOURCE_VERSION, version);
        }
        return new Checked.Accepted(index, new TelemetryEvent(values));
    }

    /** In microseconds, because PostgreSQL would round the rest and the time is part of the key. */
    private static @Nullable Instant time(JsonNode json) {
        if (!json.isTextual() || json.textValue().length() > FieldRule.MAX_TEXT) {
            return null;
        }
        try {
            return OffsetDateTime.parse(json.textValue()).toInstant().truncatedTo(ChronoUnit.MICROS);
        } catch (DateTimeException notATime) {
            return null;
        }
    }

    private static Rejection.Code code(EventColumn column, JsonNode value) {
        return column == EventColumn.TYPE && value.isTextual()
                ? Rejection.Code.UNKNOWN_TYPE
                : Rejection.Code.INVALID_FIELD;
    }

    private static boolean absent(@Nullable JsonNode value) {
        return value == null || value.isNull();
    }

    private static Checked refuse(int index, Rejection.Code code, String message) {
        return new Checked.Refused(new Rejection(index, code, message));
    }
}
