package dev.sluice.collector.storage;

import java.util.Locale;

/** Every column of an event, in the order in which it is stored. The name is the same on the wire and in SQL. */
public enum EventColumn {
    STREAM_ID(ColumnType.TEXT),
    EVENT_ID(ColumnType.UUID),
    EVENT_TIME(ColumnType.INSTANT),
    SEQ(ColumnType.LONG),
    TYPE(ColumnType.TEXT),
    OPERATION(ColumnType.TEXT),
    ENDPOINT(ColumnType.TEXT),
    STREAMED(ColumnType.BOOLEAN),
    REQUEST_MODEL(ColumnType.TEXT),
    RESPONSE_MODEL(ColumnType.TEXT),
    PROVIDER_NAME(ColumnType.TEXT),
    TARGET_MODEL(ColumnType.TEXT),
    OUTCOME(ColumnType.TEXT),
    ABORTED_BY(ColumnType.TEXT),
    ERROR_TYPE(ColumnType.TEXT),
    HTTP_STATUS(ColumnType.INT),
    PHASE(ColumnType.TEXT),
    ATTEMPT(ColumnType.INT),
    ATTEMPTS(ColumnType.INT),
    FINISH_REASON(ColumnType.TEXT),
    INPUT_TOKENS(ColumnType.LONG),
    OUTPUT_TOKENS(ColumnType.LONG),
    CACHED_TOKENS(ColumnType.LONG),
    REASONING_TOKENS(ColumnType.LONG),
    USAGE_ESTIMATED(ColumnType.BOOLEAN),
    CHUNK_COUNT(ColumnType.LONG),
    TEXT_BYTES(ColumnType.LONG),
    TIME_TO_FIRST_CHUNK_MS(ColumnType.DOUBLE),
    DURATION_MS(ColumnType.DOUBLE),
    RETRY_IN_MS(ColumnType.DOUBLE),
    CHUNK_GAP_MAX_MS(ColumnType.DOUBLE),
    CHUNK_GAPS_MS(ColumnType.JSON),
    FROM_OFFSET(ColumnType.LONG),
    BREAKER_FROM(ColumnType.TEXT),
    BREAKER_TO(ColumnType.TEXT),
    DROPPED(ColumnType.LONG),
    REASON(ColumnType.TEXT),
    SOURCE_KIND(ColumnType.TEXT),
    SOURCE_ID(ColumnType.TEXT),
    SOURCE_INSTANCE_ID(ColumnType.TEXT),
    SOURCE_VERSION(ColumnType.TEXT),
    RECEIVED_AT(ColumnType.INSTANT);

    private final ColumnType type;
    private final String label;

    EventColumn(ColumnType type) {
        this.type = type;
        this.label = name().toLowerCase(Locale.ROOT);
    }

    public ColumnType type() {
        return type;
    }

    /** The name on the wire and in SQL. */
    public String label() {
        return label;
    }
}
