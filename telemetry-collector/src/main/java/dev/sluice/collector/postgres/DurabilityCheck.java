package dev.sluice.collector.postgres;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready means: PostgreSQL answers, and what it commits survives a crash. A server that was told not to sync is not a place
 * where an event is safe, so the collector does not take part with it.
 */
@Readiness
@Singleton
final class DurabilityCheck implements AsyncHealthCheck {

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final List<String> SETTINGS = List.of("fsync", "synchronous_commit", "full_page_writes");
    private static final String SQL = "SELECT current_setting('fsync'), current_setting('synchronous_commit'),"
            + " current_setting('full_page_writes')";

    private final Pool pool;

    DurabilityCheck(Pool pool) {
        this.pool = pool;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return pool.query(SQL)
                .execute()
                .map(rows -> answer(rows.iterator().next()))
                .ifNoItem()
                .after(PATIENCE)
                .fail()
                .onFailure()
                .recoverWithItem(_ -> named().down()
                        .withData("reason", "PostgreSQL does not answer")
                        .build());
    }

    private static HealthCheckResponse answer(Row row) {
        var weak = SETTINGS.stream()
                .filter(setting -> "off".equals(row.getString(SETTINGS.indexOf(setting))))
                .toList();
        if (weak.isEmpty()) {
            return named().up().build();
        }
        return named().down()
                .withData("reason", "PostgreSQL is not durable: " + String.join(", ", weak) + " is off")
                .build();
    }

    private static org.eclipse.microprofile.health.HealthCheckResponseBuilder named() {
        return HealthCheckResponse.named("postgres");
    }
}
