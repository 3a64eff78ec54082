package dev.sluice.gateway.admission;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMin;

/** How much runs at once, and how much of it each caller may have. */
@ConfigMapping(prefix = "sluice.admission")
public interface AdmissionConfig {

    /** Streams that may run at the same time. Where it is not set, as many as the process may open sockets for. */
    Optional<@Min(1) Integer> maxStreams();

    /** What a refused caller is told to wait where nobody knows when a place will be free. */
    @WithDefault("1s")
    @DurationMin
    Duration retryAfter();

    /** Where requests wait for a place. */
    QueueConfig queue();

    /** Refuses new streams while more than this part of the heap is in use after a collection; 1 switches that off. */
    @WithDefault("0.9")
    @DecimalMin("0.2")
    @DecimalMax("1")
    double shedAbove();

    /** What each caller may do; a configured caller's own limits come before these. */
    @WithName("per-caller")
    CallerLimits perCaller();

    /** Output tokens that a request reserves of its caller's rate where it says no {@code max_tokens}. */
    @WithDefault("1000")
    @Min(0)
    @Max(Rate.MOST)
    long assumedOutputTokens();

    /** Where requests wait for a place. */
    interface QueueConfig {

        /** Requests that may wait, of all callers together; with 0 nobody waits. */
        @WithDefault("500")
        @Min(0)
        int size();

        /** How long each may wait. */
        @WithDefault("10s")
        @DurationMin(millis = 1)
        Duration deadline();
    }
}
