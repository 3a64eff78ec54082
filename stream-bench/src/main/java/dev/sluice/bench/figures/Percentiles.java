package dev.sluice.bench.figures;

import java.util.Locale;

/** Counts durations and tells their percentiles, each at most 1 % too large. Allocates nothing after its making. */
public final class Percentiles {

    private static final int STEP_BITS = 7;
    private static final int STEPS = 1 << STEP_BITS;

    private final long[] counts = new long[(Long.SIZE - STEP_BITS + 1) * STEPS];
    private long count;

    /** Counts one duration; a negative one, which only two clocks that disagree can give, counts as none. */
    public void record(long nanos) {
        counts[slot(Math.max(0, nanos))]++;
        count++;
    }

    public long count() {
        return count;
    }

    /**
     * Returns the percentile in milliseconds, 0 where nothing was counted.
     *
     * @param percent 0 to 100
     */
    public double millis(double percent) {
        long wanted = (long) Math.ceil(count * percent / 100);
        long seen = 0;
        for (int slot = 0; slot < counts.length; slot++) {
            seen += counts[slot];
            if (seen >= wanted && seen > 0) {
                return top(slot) / 1e6;
            }
        }
        return 0;
    }

    /** Returns median and 99th percentile for people. */
    public String show() {
        return count == 0 ? "-" : String.format(Locale.ROOT, "%.2f / %.2f", millis(50), millis(99));
    }

    private static int slot(long value) {
        int shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(value) - STEP_BITS - 1);
        return shift * STEPS + (int) (value >>> shift);
    }

    /** The largest value of a slot. Slots of one shift begin where those of the shift before end. */
    private static double top(int slot) {
        int shift = Math.max(0, slot / STEPS - 1);
        return (slot - shift * STEPS + 1.0) * (1L << shift) - 1;
    }
}
