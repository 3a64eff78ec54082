package dev.sluice.collector.ingest;

import dev.sluice.collector.settings.CollectorSettings;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;

/** The defaults, but for what a test changes. */
final class TestSettings {

    private TestSettings() {}

    static CollectorSettings with(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .withMapping(CollectorSettings.class)
                .build()
                .getConfigMapping(CollectorSettings.class);
    }
}
