package dev.sluice.collector.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.collector.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import jakarta.inject.Inject;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
final class DurabilityCheckTest {

    @Inject
    Vertx vertx;

    @Inject
    @ConfigProperty(name = "quarkus.datasource.reactive.url")
    String url;

    @Inject
    @ConfigProperty(name = "quarkus.datasource.username")
    String user;

    @Inject
    @ConfigProperty(name = "quarkus.datasource.password")
    String password;

    @Test
    void aDurableServerIsReady() {
        assertThat(check(options()).getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
    }

    @Test
    void aServerThatDoesNotSyncIsNotReadyAndTheReasonIsTold() {
        var response = check(options().addProperty("synchronous_commit", "off"));
        assertThat(response.getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
        assertThat(response.getData().orElseThrow())
                .containsEntry("reason", "PostgreSQL is not durable: synchronous_commit is off");
    }

    @Test
    void anUnreachableServerIsNotReady() {
        var response = check(options().setPort(1));
        assertThat(response.getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
        assertThat(response.getData().orElseThrow()).containsEntry("reason", "PostgreSQL does not answer");
    }

    private PgConnectOptions options() {
        return PgConnectOptions.fromUri(url).setUser(user).setPassword(password);
    }

    private HealthCheckResponse check(PgConnectOptions options) {
        var pool = PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(1))
                .connectingTo(options)
                .using(vertx)
                .build();
        try {
            return new DurabilityCheck(pool).call().await().atMost(Duration.ofSeconds(10));
        } finally {
            pool.closeAndAwait();
        }
    }
}
