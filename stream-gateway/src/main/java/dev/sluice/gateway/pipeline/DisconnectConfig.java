package dev.sluice.gateway.pipeline;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** What becomes of streams that nobody reads. */
@ConfigMapping(prefix = "sluice.streams")
public interface DisconnectConfig {

    /** How long a stream with the disconnect policy {@code grace} goes on unread where its caller does not say. */
    @WithDefault("15s")
    @DurationMin
    Duration grace();

    /** The longest grace that a caller may ask for. */
    @WithDefault("10m")
    @DurationMin
    Duration maxGrace();

    /** A stream that nobody reads and in which nothing happens for this long is ended, whatever its policy. */
    @WithDefault("30s")
    @DurationMin(millis = 1)
    Duration idle();

    /** Bounds of the disconnect policy {@code drain}. */
    DrainConfig drain();

    /** What a drained stream may still cost: the most that a caller may ask for, and what it gets without asking. */
    interface DrainConfig {

        /** Output tokens, by estimate. */
        @WithDefault("100000")
        @Min(1)
        long maxTokens();

        /** Time. */
        @WithDefault("10m")
        @DurationMin(millis = 1)
        Duration maxDuration();
    }
}
