package dev.sluice.gateway.transport;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How clients are kept connected. */
@ConfigMapping(prefix = "sluice.streams")
public interface TransportConfig {

    /** A comment is sent after this much silence, so that nothing on the way takes the connection for dead. */
    @WithDefault("15s")
    Duration heartbeat();
}
