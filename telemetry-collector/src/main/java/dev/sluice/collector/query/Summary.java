package dev.sluice.collector.query;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened from one time (included) to another (excluded). A stream belongs to the time at which it ended, and is
 * counted once, by its last end.
 *
 * @param started streams that began in this time
 * @param requestsRejected requests that never became a stream
 * @param models by public name, the busiest first; at most 100
 * @param providers by configured endpoint, the busiest first; at most 100
 * @param errors by code, the most frequent first; at most 10
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record Summary(
        @JsonSerialize(using = InstantText.class) Instant from,
        @JsonSerialize(using = InstantText.class) Instant to,
        long started,
        long requestsRejected,
        Figures totals,
        List<Group> models,
        List<Group> providers,
        List<ErrorCount> errors) {

    /** Of the streams that ended. Times are in milliseconds, and null when no stream tells them. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Figures(
            long completed,
            long failed,
            long aborted,
            long inputTokens,
            long outputTokens,
            Percentiles timeToFirstChunkMs,
            Percentiles durationMs) {}

    /** Exact, interpolated between neighbours. */
    record Percentiles(@Nullable Double p50, @Nullable Double p95) {}

    /** The figures of the streams that share a name; null for those that have none. */
    record Group(@Nullable String name, Figures figures) {}

    /** How often a stream failed, or a request was rejected, with a code. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record ErrorCount(String errorType, long count) {}
}
