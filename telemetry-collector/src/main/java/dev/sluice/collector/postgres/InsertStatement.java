package dev.sluice.collector.postgres;

import dev.sluice.collector.storage.ColumnType;
import dev.sluice.collector.storage.EventColumn;
import dev.sluice.collector.storage.TelemetryEvent;
import io.vertx.mutiny.sqlclient.Tuple;
import java.lang.reflect.Array;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One prepared statement for any number of rows: each column travels as one array. Returns the keys of the rows that were
 * new.
 */
final class InsertStatement {

    static final String SQL = sql();

    private InsertStatement() {}

    /** The columns of the events as arrays, in the order of the statement's parameters. */
    static Tuple arguments(List<TelemetryEvent> events) {
        var columns = EventColumn.values();
        var tuple = io.vertx.sqlclient.Tuple.tuple();
        for (var column : columns) {
            tuple.addValue(array(column, events));
        }
        return Tuple.newInstance(tuple);
    }

    private static Object array(EventColumn column, List<TelemetryEvent> events) {
        var array = Array.newInstance(elementType(column.type()), events.size());
        for (var row = 0; row < events.size(); row++) {
            Array.set(array, row, element(events.get(row).get(column)));
        }
        return array;
    }

    private static @Nullable Object element(@Nullable Object value) {
        return value instanceof Instant instant ? OffsetDateTime.ofInstant(instant, ZoneOffset.UTC) : value;
    }

    private static Class<?> elementType(ColumnType type) {
        return switch (type) {
            case TEXT, JSON -> String.class;
            case UUID -> UUID.class;
            case INSTANT -> OffsetDateTime.class;
            case INT -> Integer.class;
            case LONG -> Long.class;
            case DOUBLE -> Double.class;
            case BOOLEAN -> Boolean.class;
        };
    }

    private static String parameterType(ColumnType type) {
        return switch (type) {
            // As text, for the client would encode a JSON text a second time.
            case TEXT, JSON -> "text[]";
            case UUID -> "uuid[]";
            case INSTANT -> "timestamptz[]";
            case INT -> "integer[]";
            case LONG -> "bigint[]";
            case DOUBLE -> "double precision[]";
            case BOOLEAN -> "boolean[]";
        };
    }

    private static String sql() {
        var columns = Arrays.asList(EventColumn.values());
        var names = columns.stream().map(EventColumn::label).collect(Collectors.joining(", "));
        var selected = columns.stream()
                .map(column -> column.type() == ColumnType.JSON ? column.label() + "::jsonb" : column.label())
                .collect(Collectors.joining(", "));
        var parameters = IntStream.range(0, columns.size())
                .mapToObj(
                        i -> "$" + (i + 1) + "::" + parameterType(columns.get(i).type()))
                .collect(Collectors.joining(", "));
        return "INSERT INTO event (" + names + ") SELECT " + selected + " FROM unnest(" + parameters + ") AS e ("
                + names + ") ON CONFLICT DO NOTHING RETURNING stream_id, event_id, event_time";
    }
}
