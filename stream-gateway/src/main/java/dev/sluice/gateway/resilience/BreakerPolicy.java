package dev.sluice.gateway.resilience;

import java.time.Duration;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;

/**
 * When a target is left alone, and for how long.
 *
 * @param rule what opens its breaker
 * @param pause how long the breaker stays open at most before a probe may pass
 */
record BreakerPolicy(OpeningRule rule, Duration pause) {

    /** What an annotation says: the ratio of its last {@code requestVolumeThreshold} calls. Where all must fail, that is a row. */
    static BreakerPolicy of(CircuitBreaker annotation) {
        int calls = annotation.requestVolumeThreshold();
        OpeningRule rule = annotation.failureRatio() == 1
                ? new OpeningRule.FailuresInARow(calls)
                : new OpeningRule.FailureRatio(annotation.failureRatio(), calls, calls);
        return new BreakerPolicy(rule, Duration.of(annotation.delay(), annotation.delayUnit()));
    }
}
