package dev.sluice.gateway.admission;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** How much runs at once. */
@ConfigMapping(prefix = "sluice.admission")
public interface AdmissionConfig {

    /** Streams that may run at the same time; more are refused as {@code OVERLOADED}. */
    @WithDefault("20000")
    @Min(1)
    int maxStreams();

    /** What a refused caller is told to wait. */
    @WithDefault("1s")
    Duration retryAfter();
}
