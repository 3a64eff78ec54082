package dev.sluice.collector.postgres;

import dev.sluice.collector.settings.CollectorSettings;
import dev.sluice.collector.storage.Disposition;
import dev.sluice.collector.storage.EventKey;
import dev.sluice.collector.storage.StoreUnavailableException;
import dev.sluice.collector.storage.TelemetryEvent;
import dev.sluice.collector.storage.TelemetryStore;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.inject.Singleton;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/**
 * One statement for each write, which is its own transaction. A statement that fails for the sake of a row is cut in
 * halves until the row stands alone; one that fails for the sake of the server is tried again, then given up.
 */
@Singleton
final class PostgresTelemetryStore implements TelemetryStore {

    private static final Logger LOG = Logger.getLogger(PostgresTelemetryStore.class);

    private final Pool pool;
    private final PartitionKeeper partitions;
    private final CollectorSettings.Writing settings;

    PostgresTelemetryStore(Pool pool, PartitionKeeper partitions, CollectorSettings settings) {
        this.pool = pool;
        this.partitions = partitions;
        this.settings = settings.writing();
    }

    @Override
    public Uni<List<Disposition>> write(List<TelemetryEvent> events) {
        if (events.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        // All writers insert in the order of the key, so that two of them with the same events cannot wait for each
        // other.
        var order = IntStream.range(0, events.size())
                .boxed()
                .sorted((left, right) ->
                        events.get(left).key().compareTo(events.get(right).key()))
                .toList();
        var sorted = order.stream().map(events::get).toList();
        return writeSorted(sorted, true).map(dispositions -> {
            var result = new Disposition[events.size()];
            IntStream.range(0, result.length).forEach(i -> result[order.get(i)] = dispositions.get(i));
            return List.of(result);
        });
    }

    private Uni<List<Disposition>> writeSorted(List<TelemetryEvent> events, boolean mayMakePartitions) {
        return Uni.createFrom()
                .deferred(() -> insert(events))
                .onFailure(PostgresTelemetryStore::mayPassSoon)
                .retry()
                .withBackOff(settings.backoff())
                .atMost(settings.attempts() - 1L)
                .onFailure()
                .recoverWithUni(failure -> recover(events, failure, mayMakePartitions));
    }

    /** A server that has already kept us waiting is not asked again: the callers have waited long enough. */
    private static boolean mayPassSoon(Throwable failure) {
        return WriteFailure.of(failure) == WriteFailure.UNAVAILABLE && !(failure instanceof TimeoutException);
    }

    private Uni<List<Disposition>> recover(List<TelemetryEvent> events, Throwable failure, boolean mayMakePartitions) {
        return switch (WriteFailure.of(failure)) {
            case UNAVAILABLE -> Uni.createFrom().failure(new StoreUnavailableException(failure));
            case NO_PARTITION ->
                mayMakePartitions
                        ? partitions
                                .makePartitions()
                                .onFailure()
                                .transform(StoreUnavailableException::new)
                                .chain(() -> writeSorted(events, false))
                        : bisect(events, failure);
            case BAD_ROW -> bisect(events, failure);
        };
    }

    private Uni<List<Disposition>> bisect(List<TelemetryEvent> events, Throwable failure) {
        if (events.size() == 1) {
            LOG.warnf(
                    "Event %s cannot be stored and was refused (%s)",
                    events.getFirst().key().eventId(), failure.getClass().getSimpleName());
            return Uni.createFrom().item(List.of(Disposition.QUARANTINED));
        }
        var middle = events.size() / 2;
        return writeSorted(events.subList(0, middle), false)
                .chain(left -> writeSorted(events.subList(middle, events.size()), false)
                        .map(right -> {
                            var both = new ArrayList<>(left);
                            both.addAll(right);
                            return both;
                        }));
    }

    private Uni<List<Disposition>> insert(List<TelemetryEvent> events) {
        return pool.preparedQuery(InsertStatement.SQL)
                .execute(InsertStatement.arguments(events))
                .ifNoItem()
                .after(settings.timeout())
                .fail()
                .map(rows -> dispositions(events, rows));
    }

    private static List<Disposition> dispositions(List<TelemetryEvent> events, RowSet<Row> rows) {
        if (rows.rowCount() == events.size()) {
            return events.stream().map(_ -> Disposition.INSERTED).toList();
        }
        Set<EventKey> inserted = HashSet.newHashSet(rows.rowCount());
        for (var row : rows) {
            inserted.add(new EventKey(
                    row.getString(0),
                    row.getUUID(1),
                    row.get(OffsetDateTime.class, 2).toInstant()));
        }
        // remove, not contains: of two deliveries in one statement only the first was inserted.
        return events.stream()
                .map(event -> inserted.remove(event.key()) ? Disposition.INSERTED : Disposition.DUPLICATE)
                .toList();
    }
}
