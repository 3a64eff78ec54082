package dev.sluice.collector;

import dev.sluice.collector.embedded.EmbeddedPostgres;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A real PostgreSQL for the tests that run inside Quarkus: the one that users get. */
public final class PostgresResource implements QuarkusTestResourceLifecycleManager {

    private @Nullable EmbeddedPostgres server;

    @Override
    public Map<String, String> start() {
        var started = EmbeddedPostgres.start(TestData.folder(), 0);
        server = started;
        return Map.of(
                "quarkus.datasource.reactive.url", started.reactiveUrl(),
                "quarkus.datasource.jdbc.url", started.jdbcUrl(),
                "quarkus.datasource.username", started.user(),
                "quarkus.datasource.password", started.password());
    }

    @Override
    public void stop() {
        Objects.requireNonNull(server).close();
    }
}
