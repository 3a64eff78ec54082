package dev.sluice.collector.embedded;

import io.smallrye.config.DotEnvConfigSourceProvider;
import io.smallrye.config.PropertiesConfigSourceLoader;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.Map;

/** Which PostgreSQL the collector is to use, read before Quarkus reads its own configuration. */
public sealed interface DatasourceChoice {

    /**
     * The operator's server. Flyway speaks JDBC and all else the reactive protocol; who gives one URL gets the other.
     *
     * @param missing configuration keys to add, empty when both URLs were given
     */
    record Configured(Map<String, String> missing) implements DatasourceChoice {}

    /** None was configured: the embedded server, with its data in a folder, on a port or (0) a free one. */
    record Embedded(Path dataDir, int port) implements DatasourceChoice {}

    /** Reads system properties, the environment, {@code .env}, {@code config/} and the class path, as Quarkus will. */
    static DatasourceChoice read() {
        var loader = Thread.currentThread().getContextClassLoader();
        var config = new SmallRyeConfigBuilder()
                .forClassLoader(loader)
                .addDefaultInterceptors()
                .addSystemSources()
                .withSources(PropertiesConfigSourceLoader.inClassPath("application.properties", 250, loader))
                .withSources(PropertiesConfigSourceLoader.inFileSystem(
                        Path.of("config", "application.properties").toUri().toString(), 260, loader))
                .withSources(new DotEnvConfigSourceProvider().getConfigSources(loader))
                .build();
        return of(config);
    }

    /** The choice that a configuration makes. */
    static DatasourceChoice of(SmallRyeConfig config) {
        var reactive = config.getOptionalValue("quarkus.datasource.reactive.url", String.class);
        var jdbc = config.getOptionalValue("quarkus.datasource.jdbc.url", String.class);
        if (reactive.isPresent() && jdbc.isPresent()) {
            return new Configured(Map.of());
        }
        if (reactive.isPresent()) {
            var plain =
                    reactive.get().replaceFirst("^vertx-reactive:", "").replaceFirst("^postgres://", "postgresql://");
            return new Configured(Map.of("quarkus.datasource.jdbc.url", "jdbc:" + plain));
        }
        if (jdbc.isPresent()) {
            return new Configured(
                    Map.of("quarkus.datasource.reactive.url", jdbc.get().replaceFirst("^jdbc:", "")));
        }
        var dataDir = config.getOptionalValue("sluice.collector.data-dir", String.class)
                .orElse("./data/postgres");
        var port = config.getOptionalValue("sluice.collector.embedded.port", Integer.class)
                .orElse(0);
        return new Embedded(Path.of(dataDir), port);
    }
}
