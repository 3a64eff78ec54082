package dev.sluice.gateway.admission;

import java.time.Duration;
import java.util.Optional;

/**
 * How much of its rates an account has left. Empty where it has no such limit.
 *
 * @param requests streams that may still be started
 * @param tokens tokens that may still be spent
 */
public record Standing(Optional<Left> requests, Optional<Left> tokens) {

    /**
     * How much of one rate is left.
     *
     * @param limit the most that can be
     * @param remaining what may be taken now
     * @param untilFull how long until all may be taken
     */
    public record Left(long limit, long remaining, Duration untilFull) {}
}
