package dev.sluice.gateway.routing;

import dev.sluice.gateway.testing.Configured;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** The routing that a fresh install has. */
final class ShippedConfiguration {

    private static final Path FILE = Path.of("src", "main", "resources", "application.properties");

    private ShippedConfiguration() {}

    /** Returns what the shipped file says, with these properties or variables beside it. */
    static RoutingConfig with(Map<String, String> more) throws IOException {
        Properties shipped = new Properties();
        try (Reader reader = Files.newBufferedReader(FILE)) {
            shipped.load(reader);
        }
        Map<String, String> all = new HashMap<>(more);
        for (String name : shipped.stringPropertyNames()) {
            if (name.startsWith("sluice.")) {
                all.putIfAbsent(name, shipped.getProperty(name));
            }
        }
        return Configured.with(RoutingConfig.class, all);
    }
}
