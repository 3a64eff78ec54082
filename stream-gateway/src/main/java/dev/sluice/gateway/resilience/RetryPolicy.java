package dev.sluice.gateway.resilience;

import io.smallrye.faulttolerance.api.ExponentialBackoff;
import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.eclipse.microprofile.faulttolerance.Retry;

/**
 * When and whether to try again on the same target.
 *
 * @param maxAttempts calls in all
 * @param base the wait after the first failure
 * @param factor by how much each further wait is longer
 * @param cap the longest wait
 * @param jitter by what part of itself a wait may be longer or shorter, 0 to 1; none becomes longer than {@code cap}
 * @param budget the time from the first attempt within which a further one may start
 */
record RetryPolicy(int maxAttempts, Duration base, int factor, Duration cap, double jitter, Duration budget) {

    /** One attempt, and never another. */
    static final RetryPolicy NEVER = new RetryPolicy(1, Duration.ZERO, 1, Duration.ZERO, 0, Duration.ZERO);

    /** What the annotations say. */
    static RetryPolicy of(Retry retry, ExponentialBackoff backoff) {
        Duration delay = Duration.of(retry.delay(), retry.delayUnit());
        Duration jitter = Duration.of(retry.jitter(), retry.jitterDelayUnit());
        return new RetryPolicy(
                retry.maxRetries() + 1,
                delay,
                backoff.factor(),
                Duration.of(backoff.maxDelay(), backoff.maxDelayUnit()),
                (double) jitter.toNanos() / delay.toNanos(),
                Duration.of(retry.maxDuration(), retry.durationUnit()));
    }

    /**
     * Returns the wait before the next attempt; empty when there is to be none.
     *
     * @param attemptsMade at least 1
     * @param spent since the first attempt began
     * @param askedWait what the provider asks for, if it does
     * @param random yields 0 to 1, exclusive
     */
    Optional<Duration> nextDelay(
            int attemptsMade, Duration spent, Optional<Duration> askedWait, DoubleSupplier random) {
        if (attemptsMade >= maxAttempts) {
            return Optional.empty();
        }
        Duration own = backoff(attemptsMade, random);
        Duration delay = askedWait.filter(asked -> asked.compareTo(own) > 0).orElse(own);
        return spent.plus(delay).compareTo(budget) > 0 ? Optional.empty() : Optional.of(delay);
    }

    private Duration backoff(int attemptsMade, DoubleSupplier random) {
        double grown = (double) base.toNanos() * Math.pow(factor, attemptsMade - 1.0);
        double middle = Math.min(grown, (double) cap.toNanos());
        double shortest = middle * (1 - jitter);
        double longest = Math.min(middle * (1 + jitter), (double) cap.toNanos());
        return Duration.ofNanos((long) (shortest + (longest - shortest) * random.getAsDouble()));
    }
}
