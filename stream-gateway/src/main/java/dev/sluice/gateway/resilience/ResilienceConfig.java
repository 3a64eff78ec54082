package dev.sluice.gateway.resilience;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Optional;

/** Overrides of what the annotations of {@link GuardedStream#open} say, and the clocks. */
@ConfigMapping(prefix = "sluice.resilience")
public interface ResilienceConfig {

    /** Upstream calls for one request on one target, the first included. */
    Optional<@Min(1) Integer> attempts();

    /** Whether a target whose streams break is asked once for the whole answer, before the next target. */
    @WithDefault("true")
    boolean wholeAnswerFallback();

    /** Waiting between attempts. */
    BackoffConfig backoff();

    /** When a target is left alone. */
    BreakerConfig breaker();

    /** The clocks of a stream. */
    TimeoutConfig timeouts();

    /** Waiting between attempts. */
    interface BackoffConfig {

        /** The wait after the first failure. */
        Optional<Duration> base();

        /** By how much each further wait is longer. */
        Optional<@Min(1) Integer> factor();

        /** The longest wait. */
        Optional<Duration> cap();

        /** By what part of itself a wait may be longer or shorter, 0 to 1. */
        @WithDefault("0.3")
        @DecimalMin("0")
        @DecimalMax("1")
        double jitter();

        /** The time from the first attempt within which a further one may start. */
        Optional<Duration> budget();
    }

    /** When a target is left alone. */
    interface BreakerConfig {

        /** Failures in a row that open it. */
        Optional<@Min(1) Integer> failures();

        /** How long it stays open. */
        Optional<Duration> pause();
    }

    /** The clocks of a stream. */
    interface TimeoutConfig {

        /** From sending a request to the first chunk of the answer. */
        @WithDefault("120s")
        Duration firstChunk();

        /** From sending a request for a whole answer to that answer; without it, as long as {@link #total} allows. */
        Optional<Duration> wholeAnswer();

        /** Between two chunks. */
        @WithDefault("30s")
        Duration idle();

        /** From acceptance to the end, all attempts together. */
        @WithDefault("10m")
        Duration total();
    }
}
