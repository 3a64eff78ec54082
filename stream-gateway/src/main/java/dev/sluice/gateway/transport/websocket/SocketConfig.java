package dev.sluice.gateway.transport.websocket;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.util.Optional;
import java.util.Set;

/** What WebSockets may do. */
@ConfigMapping(prefix = "sluice.streams.websocket")
public interface SocketConfig {

    /**
     * Where pages may come from besides the gateway itself, as browsers say it in {@code Origin}: {@code https://example.org}.
     * {@code *} lets in pages from everywhere.
     */
    Optional<Set<String>> allowedOrigins();

    /** How many streams one socket may read at the same time. */
    @WithDefault("256")
    @Min(1)
    int maxStreams();

    /** Whether messages are compressed for clients that ask for it. */
    @WithDefault("false")
    boolean compression();
}
