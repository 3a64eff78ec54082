package dev.sluice.gateway.log;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** How much of the streams is kept, and for how long. */
@ConfigMapping(prefix = "sluice.streams.log")
public interface StreamLogConfig {

    /** Kept of one stream; beyond it the oldest events go, and readers that want them meet a {@code reset}. */
    @WithDefault("1M")
    @WithConverter(LogSizeConverter.class)
    MemorySize maxBytesPerStream();

    /** Kept of all streams together; beyond it the streams that ended first go. */
    @WithDefault("256M")
    @WithConverter(LogSizeConverter.class)
    MemorySize maxBytes();

    /** How long an ended stream can still be read. */
    @WithDefault("5m")
    @DurationMin
    Duration keepEnded();
}
