package dev.sluice.gateway.routing;

import dev.sluice.gateway.testing.Configured;
import java.util.Map;

/** A catalog out of the test's hand. */
public final class GivenCatalog {

    private GivenCatalog() {}

    /** Returns the catalog of these properties, some of which may be other mappings' business. */
    public static ModelCatalog of(Map<String, String> properties, Class<?>... sharers) {
        return new ModelCatalog(
                Configured.with(RoutingConfig.class, properties, sharers), GivenAdapters.named("simulator", "openai"));
    }
}
