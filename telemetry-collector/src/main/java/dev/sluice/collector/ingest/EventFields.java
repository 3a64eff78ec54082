package dev.sluice.collector.ingest;

import dev.sluice.collector.storage.EventColumn;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The contract of the wire as data: each field that is stored, and its rule. {@code event_time} has a rule of its own. */
final class EventFields {

    static final Set<String> TYPES = Set.of(
            "stream.started",
            "attempt.failed",
            "stream.first_chunk",
            "stream.continued",
            "stream.completed",
            "stream.failed",
            "stream.aborted",
            "stream.resumed",
            "breaker.changed",
            "request.rejected",
            "telemetry.dropped");

    private static final FieldRule TEXT = new FieldRule.Text();
    private static final FieldRule COUNT = new FieldRule.WholeLong(0);
    private static final FieldRule MILLISECONDS = new FieldRule.Milliseconds();
    private static final FieldRule FLAG = new FieldRule.Flag();
    private static final FieldRule ATTEMPT = new FieldRule.WholeInt(1, 1_000_000);
    private static final FieldRule BREAKER = new FieldRule.Choice(Set.of("closed", "open", "half_open"));

    private static final Map<EventColumn, FieldRule> RULES = rules();
    private static final Map<String, EventColumn> COLUMNS =
            RULES.keySet().stream().collect(Collectors.toUnmodifiableMap(EventColumn::label, Function.identity()));

    private EventFields() {}

    /** Every field with its rule. */
    static Map<EventColumn, FieldRule> all() {
        return RULES;
    }

    /** Wire name to column. */
    static Map<String, EventColumn> byName() {
        return COLUMNS;
    }

    private static Map<EventColumn, FieldRule> rules() {
        var rules = new EnumMap<EventColumn, FieldRule>(EventColumn.class);
        for (var column : EventColumn.values()) {
            switch (column) {
                case STREAM_ID,
                        OPERATION,
                        ENDPOINT,
                        REQUEST_MODEL,
                        RESPONSE_MODEL,
                        PROVIDER_NAME,
                        TARGET_MODEL,
                        ERROR_TYPE,
                        FINISH_REASON,
                        REASON -> rules.put(column, TEXT);
                case EVENT_ID -> rules.put(column, new FieldRule.Id());
                case SEQ -> rules.put(column, new FieldRule.WholeLong(1));
                case TYPE -> rules.put(column, new FieldRule.Choice(TYPES));
                case OUTCOME ->
                    rules.put(column, new FieldRule.Choice(Set.of("completed", "failed", "aborted", "rejected")));
                case ABORTED_BY ->
                    rules.put(column, new FieldRule.Choice(Set.of("caller", "disconnect", "idle", "shutdown")));
                case PHASE ->
                    rules.put(
                            column,
                            new FieldRule.Choice(Set.of("connect", "head", "first_chunk", "mid_stream", "total")));
                case HTTP_STATUS -> rules.put(column, new FieldRule.WholeInt(100, 599));
                case ATTEMPT, ATTEMPTS -> rules.put(column, ATTEMPT);
                case INPUT_TOKENS,
                        OUTPUT_TOKENS,
                        CACHED_TOKENS,
                        REASONING_TOKENS,
                        CHUNK_COUNT,
                        TEXT_BYTES,
                        FROM_OFFSET,
                        DROPPED -> rules.put(column, COUNT);
                case TIME_TO_FIRST_CHUNK_MS, DURATION_MS, RETRY_IN_MS, CHUNK_GAP_MAX_MS ->
                    rules.put(column, MILLISECONDS);
                case CHUNK_GAPS_MS -> rules.put(column, new FieldRule.Histogram());
                case STREAMED, USAGE_ESTIMATED -> rules.put(column, FLAG);
                case BREAKER_FROM, BREAKER_TO -> rules.put(column, BREAKER);
                case EVENT_TIME, SOURCE_KIND, SOURCE_ID, SOURCE_INSTANCE_ID, SOURCE_VERSION, RECEIVED_AT -> {
                    // Not free fields of an event: checked by EventDecoder, taken from the batch, or ours.
                }
            }
        }
        return Map.copyOf(rules);
    }
}
