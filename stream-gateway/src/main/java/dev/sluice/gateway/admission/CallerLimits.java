package dev.sluice.gateway.admission;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.Optional;

/** What one caller may do. What is not set is without limit, and so is 0. */
public interface CallerLimits {

    /** Streams at the same time. */
    Optional<@Min(0) Integer> maxStreams();

    /** Streams started in a minute, in the long run. */
    Optional<@Min(0) @Max(Rate.MOST) Long> requestsPerMinute();

    /** Streams that may be started at once after a rest; as many as in a minute where it is not set. */
    Optional<@Min(1) @Max(Rate.MOST) Long> requestBurst();

    /** Tokens of prompts and answers in a minute, in the long run. */
    Optional<@Min(0) @Max(Rate.MOST) Long> tokensPerMinute();

    /** Tokens that may be spent at once after a rest; as many as in a minute where it is not set. */
    Optional<@Min(1) @Max(Rate.MOST) Long> tokenBurst();
}
