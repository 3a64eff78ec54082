package dev.sluice.collector.postgres;

import dev.sluice.collector.settings.CollectorSettings;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jboss.logging.Logger;

/**
 * Sees to it that every day in the accepted window has a partition before its first event, and that days past retention
 * go. Several collectors on one database take turns.
 */
@Singleton
final class PartitionKeeper {

    private static final Logger LOG = Logger.getLogger(PartitionKeeper.class);
    private static final Duration START_PATIENCE = Duration.ofSeconds(30);

    private final Pool pool;
    private final Clock clock;
    private final CollectorSettings settings;

    PartitionKeeper(Pool pool, Clock clock, CollectorSettings settings) {
        this.pool = pool;
        this.clock = clock;
        this.settings = settings;
    }

    /** Without partitions nothing can be stored, so the collector does not start without them. */
    void onStart(@Observes StartupEvent start) {
        makePartitions().await().atMost(START_PATIENCE);
    }

    @Scheduled(every = "1h", delayed = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> keep() {
        return makePartitions()
                .chain(this::dropExpired)
                .onFailure()
                .invoke(failure -> LOG.warnf("Partitions are not up to date, next attempt in an hour: %s", failure))
                .onFailure()
                .recoverWithNull()
                .replaceWithVoid();
    }

    /** Makes the partitions that are missing. */
    Uni<Integer> makePartitions() {
        var first = LocalDate.ofInstant(clock.instant().minus(settings.window().past()), ZoneOffset.UTC);
        return call(
                "SELECT make_event_partitions($1, $2)",
                Tuple.of(first, today().plusDays(settings.partitionDaysAhead())));
    }

    /** Drops the partitions of days past retention. */
    Uni<Integer> dropExpired() {
        return call("SELECT drop_event_partitions($1)", Tuple.of(today().minusDays(settings.retentionDays())));
    }

    private Uni<Integer> call(String sql, Tuple arguments) {
        return pool.preparedQuery(sql)
                .execute(arguments)
                .map(rows -> rows.iterator().next().getInteger(0));
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }
}
