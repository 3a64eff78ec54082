package dev.sluice.collector.storage;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One checked event. Immutable; has at least a key, and only values of the class that their column names. */
public final class TelemetryEvent {

    private final EventKey key;
    private final Map<EventColumn, Object> values;

    /**
     * Takes a copy of the values.
     *
     * @throws NullPointerException when a part of the key is missing
     * @throws ClassCastException when a value does not fit its column
     */
    public TelemetryEvent(Map<EventColumn, Object> values) {
        this.values = new EnumMap<>(EventColumn.class);
        values.forEach((column, value) ->
                this.values.put(column, column.type().javaType().cast(value)));
        this.key = new EventKey(
                required(EventColumn.STREAM_ID, String.class),
                required(EventColumn.EVENT_ID, UUID.class),
                required(EventColumn.EVENT_TIME, Instant.class));
    }

    public EventKey key() {
        return key;
    }

    /** The column's value, or null when the event does not have it. */
    public @Nullable Object get(EventColumn column) {
        return values.get(column);
    }

    private <T> T required(EventColumn column, Class<T> type) {
        return type.cast(Objects.requireNonNull(values.get(column), column.label()));
    }
}
