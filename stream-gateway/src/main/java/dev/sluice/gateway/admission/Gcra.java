package dev.sluice.gateway.admission;

/**
 * Holds a {@link Rate}: GCRA, the generic cell rate algorithm, in its form as a leaky bucket. What is taken fills the bucket,
 * time empties it, and what would overflow has to wait.
 *
 * <p>The bucket is measured in units so small that an item weighs a whole number of them and a nanosecond drains a whole
 * number of them. So nothing is ever rounded, and nothing drifts. For one thread at a time; moments are those of one clock
 * whose differences alone mean anything.
 */
final class Gcra {

    private static final long MINUTE_NANOS = 60_000_000_000L;

    private final Rate rate;
    private final long weight;
    private final long drain;
    private final long capacity;
    private long level;
    private long asOfNanos;

    /** Begins with nothing taken. */
    Gcra(Rate rate, long nowNanos) {
        long divisor = greatestCommonDivisor(MINUTE_NANOS, rate.perMinute());
        this.rate = rate;
        this.weight = MINUTE_NANOS / divisor;
        this.drain = rate.perMinute() / divisor;
        this.capacity = Math.multiplyExact(rate.burst(), weight);
        this.asOfNanos = nowNanos;
    }

    /** Returns what it holds. */
    Rate rate() {
        return rate;
    }

    /**
     * Returns how long it takes until so many items may be taken; 0 when they may be now. More than the burst may be taken as
     * soon as the whole burst may, and is waited for afterwards.
     *
     * @param items from 0
     */
    long waitNanos(long items, long nowNanos) {
        drain(nowNanos);
        long excess = level - (capacity - Math.min(items, rate.burst()) * weight);
        return excess <= 0 ? 0 : Math.ceilDiv(excess, drain);
    }

    /**
     * Takes items, whether or not they may be. A debt beyond what a long can hold is forgiven.
     *
     * @param items from 0
     */
    void take(long items, long nowNanos) {
        drain(nowNanos);
        long sum = level + weightOf(items);
        level = sum < 0 ? Long.MAX_VALUE : sum;
    }

    /**
     * Gives items back that were taken and not needed. What time has given back already is not given twice.
     *
     * @param items from 0
     */
    void giveBack(long items, long nowNanos) {
        drain(nowNanos);
        level = Math.max(0, level - weightOf(items));
    }

    /** Returns how many items may be taken now. */
    long remaining(long nowNanos) {
        drain(nowNanos);
        return Math.max(0, (capacity - level) / weight);
    }

    /** Returns how long it takes until the whole burst may be taken; 0 when it may be now. */
    long restNanos(long nowNanos) {
        drain(nowNanos);
        return Math.ceilDiv(level, drain);
    }

    private void drain(long nowNanos) {
        long elapsed = nowNanos - asOfNanos;
        if (elapsed > 0) {
            asOfNanos = nowNanos;
            level = elapsed > level / drain ? 0 : level - elapsed * drain;
        }
    }

    private long weightOf(long items) {
        return items > Long.MAX_VALUE / weight ? Long.MAX_VALUE : items * weight;
    }

    private static long greatestCommonDivisor(long one, long other) {
        return other == 0 ? one : greatestCommonDivisor(other, one % other);
    }
}
