package dev.sluice.gateway.telemetry;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** What is reported to the collector, and how. */
@ConfigMapping(prefix = "sluice.telemetry")
public interface TelemetryConfig {

    /** Whether anything is reported. */
    @WithDefault("true")
    boolean enabled();

    /** Where the collector is. */
    @WithDefault("http://localhost:8081")
    URI collectorUrl();

    /** This gateway's name among several. */
    @WithDefault("gateway")
    String gatewayId();

    /** So many events are sent at once without waiting for more. */
    @WithDefault("10")
    @Min(1)
    @Max(500)
    int batchSize();

    /** Fewer events are sent after this time. */
    @WithDefault("5s")
    @DurationMin(millis = 1)
    Duration flushInterval();

    /** So many events wait at most; beyond it the oldest go, and are counted. */
    @WithDefault("20000")
    @Min(1)
    int queueSize();
}
