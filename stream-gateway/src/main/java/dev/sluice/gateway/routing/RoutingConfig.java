package dev.sluice.gateway.routing;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which providers there are, and which models callers may ask for. */
@ConfigMapping(prefix = "sluice")
public interface RoutingConfig {

    /** Configured endpoints by name. Any model of theirs can be asked for as {@code name/model}. */
    Map<String, ProviderConfig> providers();

    /** Public model names. */
    Map<String, ModelConfig> models();

    /** One endpoint. */
    interface ProviderConfig {

        /** The wire protocol it speaks. */
        @WithDefault("openai")
        String adapter();

        /** Where it is, as the provider's own SDK takes it; not needed by the simulator. */
        Optional<URI> baseUrl();

        /** What to present to it. */
        Optional<String> apiKey();

        /** Whether the endpoint counts as configured only once it has a key. */
        @WithDefault("false")
        boolean needsApiKey();

        /** Sent with every request. */
        Map<String, String> headers();

        /** How long the provider may take. */
        ProviderTimeouts timeouts();
    }

    /** How long the provider may take. */
    interface ProviderTimeouts {

        /** To be connected to, TLS included. */
        @WithDefault("10s")
        Duration connect();
    }

    /** One public model name. */
    interface ModelConfig {

        /** The targets as {@code provider/model}, best first. */
        List<String> targets();
    }
}
