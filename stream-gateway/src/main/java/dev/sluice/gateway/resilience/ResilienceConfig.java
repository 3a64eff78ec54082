package dev.sluice.gateway.resilience;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How streams are guarded, where that differs from what {@link GuardedStream#open} says: for all, for a provider, for a model.
 * {@link ResilienceSettings} says which of them counts.
 */
@ConfigMapping(prefix = "sluice")
public interface ResilienceConfig {

    /** For all. */
    ForAll resilience();

    /** For the targets of a public model name. */
    Map<String, ModelConfig> models();

    /** For the targets of a provider. */
    Map<String, ProviderConfig> providers();

    /** One public model name. */
    interface ModelConfig {

        /** For its targets. */
        Overrides resilience();
    }

    /** One provider. */
    interface ProviderConfig {

        /** How long it may take; the connect timeout is the routing's business. */
        ProviderClocks timeouts();
    }

    /** What may differ, and what cannot. */
    interface ForAll extends Overrides {

        /** Whether a target whose streams break is asked once for the whole answer, before the next target. */
        @WithDefault("true")
        boolean wholeAnswerFallback();
    }

    /** What may differ. */
    interface Overrides {

        /** Upstream calls for one request on one target, the first included. */
        OptionalInt attempts();

        /** Waiting between attempts. */
        BackoffConfig backoff();

        /** When a target is left alone. */
        BreakerConfig breaker();

        /** The clocks of a stream. */
        TimeoutConfig timeouts();
    }

    /** Waiting between attempts. */
    interface BackoffConfig {

        /** The wait after the first failure. */
        Optional<Duration> base();

        /** By how much each further wait is longer. */
        OptionalInt factor();

        /** The longest wait. */
        Optional<Duration> cap();

        /** By what part of itself a wait may be longer or shorter, 0 to 1. */
        OptionalDouble jitter();

        /** The time from the first attempt within which a further one may start. */
        Optional<Duration> budget();
    }

    /** When a target is left alone. */
    interface BreakerConfig {

        /** Failures in a row that open it. Not together with {@link #failureRatio}. */
        OptionalInt failures();

        /** The part of the last calls whose failure opens it, above 0 and at most 1. */
        OptionalDouble failureRatio();

        /** How many calls the last calls are. */
        OptionalInt window();

        /** So many calls must have ended before their ratio means anything. */
        OptionalInt minimumCalls();

        /** How long it stays open. */
        Optional<Duration> pause();
    }

    /** The clocks that a provider may have for itself. */
    interface ProviderClocks {

        /** From sending a request to the first chunk of the answer. */
        Optional<Duration> firstChunk();

        /** From sending a request for a whole answer to that answer; without it, as long as {@link TimeoutConfig#total} allows. */
        Optional<Duration> wholeAnswer();

        /** Between two chunks. */
        Optional<Duration> idle();
    }

    /** The clocks of a stream. */
    interface TimeoutConfig extends ProviderClocks {

        /** From acceptance to the end, all attempts together. */
        Optional<Duration> total();
    }
}
