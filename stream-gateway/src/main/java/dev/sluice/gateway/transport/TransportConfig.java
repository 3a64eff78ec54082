package dev.sluice.gateway.transport;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** How clients are kept connected. */
@ConfigMapping(prefix = "sluice.streams")
public interface TransportConfig {

    /** A comment is sent after this much silence, so that nothing on the way takes the connection for dead. */
    @WithDefault("15s")
    @DurationMin(millis = 1)
    Duration heartbeat();

    /**
     * How long a client's socket may take nothing while something waits for it. Then its connection is closed; it can resume
     * where it was.
     */
    @WithDefault("30s")
    @DurationMin(millis = 1)
    Duration clientWrite();
}
