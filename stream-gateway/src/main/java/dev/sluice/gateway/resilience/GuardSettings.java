package dev.sluice.gateway.resilience;

/**
 * How the streams of a target are guarded.
 *
 * @param retry when to try again on the same target
 * @param breaker when to leave the target alone
 * @param clocks how long a stream may take
 */
record GuardSettings(RetryPolicy retry, BreakerPolicy breaker, StreamClocks clocks) {

    /** Returns the same for an answer that comes in one piece. */
    GuardSettings forWholeAnswers() {
        return new GuardSettings(retry, breaker, clocks.forWholeAnswers());
    }

    /** Returns the same for a single attempt. */
    GuardSettings once() {
        return new GuardSettings(RetryPolicy.NEVER, breaker, clocks);
    }
}
