package dev.sluice.gateway.testing;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;

/** Configuration as the gateway reads it, out of nothing but what a test gives. */
public final class Configured {

    private Configured() {}

    /** Returns a mapping in which nothing is configured, so that every value is its default. */
    public static <T> T defaults(Class<T> mapping) {
        return with(mapping, Map.of());
    }

    /** Returns a mapping of these properties; nothing else is read, above all not the environment. */
    public static <T> T with(Class<T> mapping, Map<String, String> properties) {
        return with(mapping, properties, mapping);
    }

    /** The same, where other mappings have their share of the properties. */
    public static <T> T with(Class<T> mapping, Map<String, String> properties, Class<?>... sharers) {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .withMapping(mapping);
        for (Class<?> sharer : sharers) {
            builder.withMapping(sharer);
        }
        return builder.build().getConfigMapping(mapping);
    }
}
