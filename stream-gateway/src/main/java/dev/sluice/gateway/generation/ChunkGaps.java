package dev.sluice.gateway.generation;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * A small histogram of the times between chunks.
 *
 * @param counts how many gaps fell into each bucket, in the order of {@link #bounds()} and one more for the rest
 * @param maxNanos the longest gap, 0 where there was none
 */
public record ChunkGaps(List<Long> counts, long maxNanos) {

    private static final List<Long> BOUNDS_MILLIS =
            List.of(1L, 2L, 5L, 10L, 25L, 50L, 100L, 250L, 500L, 1_000L, 2_500L, 5_000L, 10_000L);

    public ChunkGaps {
        counts = List.copyOf(counts);
    }

    /** Returns the upper bounds of all buckets but the last, in milliseconds, ascending. */
    public static List<Long> bounds() {
        return BOUNDS_MILLIS;
    }

    /** Counts gaps. For one thread. */
    public static final class Recorder {

        private final long[] counts = new long[BOUNDS_MILLIS.size() + 1];
        private long maxNanos;

        /** Adds one gap. */
        public void record(long nanos) {
            int bucket = Collections.binarySearch(BOUNDS_MILLIS, Math.ceilDiv(nanos, 1_000_000L));
            counts[bucket < 0 ? -bucket - 1 : bucket]++;
            maxNanos = Math.max(maxNanos, nanos);
        }

        /** Returns what was counted so far. */
        public ChunkGaps snapshot() {
            return new ChunkGaps(Arrays.stream(counts).boxed().toList(), maxNanos);
        }
    }
}
