package dev.sluice.gateway.resilience;

/** What a breaker is in. Only {@link Breaker} moves between states. */
sealed interface BreakerState {

    /**
     * Calls pass.
     *
     * @param failures how many failed: in a row, or of the last calls where a ratio opens the breaker
     * @param calls these last calls; empty where only rows count
     */
    record Closed(int failures, CallWindow calls) implements BreakerState {

        Closed(int failures) {
            this(failures, CallWindow.NONE);
        }
    }

    /**
     * Calls are refused.
     *
     * @param untilNanos when the first probe may pass
     */
    record Open(long untilNanos) implements BreakerState {}

    /**
     * One probe is under way, other calls are refused.
     *
     * @param probe the ticket whose outcome decides
     * @param leaseUntilNanos when the probe counts as lost and another may pass
     */
    record HalfOpen(long probe, long leaseUntilNanos) implements BreakerState {}

    /** Returns the name used on the wire. */
    default String wireName() {
        return switch (this) {
            case Closed _ -> "closed";
            case Open _ -> "open";
            case HalfOpen _ -> "half_open";
        };
    }
}
