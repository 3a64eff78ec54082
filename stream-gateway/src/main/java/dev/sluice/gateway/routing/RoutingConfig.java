package dev.sluice.gateway.routing;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

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

        /**
         * The targets as {@code provider/model}, best first; or each with a weight, as {@code provider/model*3}, to share the
         * load. Every model has some.
         */
        Optional<List<String>> targets();

        /** Public names, or {@code provider/model}, to try after its own targets, in this order. */
        Optional<List<String>> fallbacks();

        /** Whether its targets stream; where they do not, they are asked for the whole answer at once. */
        @WithDefault("true")
        boolean streams();

        /** What is done to its answers. */
        TransformsConfig transforms();
    }

    /** What is done to a model's answers. */
    interface TransformsConfig {

        /** Deltas to leave out: {@code reasoning}, {@code tool_call}. */
        Optional<List<String>> drop();

        /** Named patterns to redact. */
        Optional<List<String>> redact();

        /** Words and phrases to redact. */
        Optional<List<String>> redactLiterals();

        /** Regular expressions to redact, each under the name that stands in the place of what it matches. */
        Map<String, String> redactExpressions();

        /** How many characters a match may have. */
        @WithDefault("256")
        int maxMatch();

        /** How many characters of text an answer may have. */
        OptionalInt maxLength();
    }
}
