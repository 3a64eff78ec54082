package dev.sluice.collector.postgres;

import static dev.sluice.collector.storage.Disposition.DUPLICATE;
import static dev.sluice.collector.storage.Disposition.INSERTED;
import static dev.sluice.collector.storage.Disposition.QUARANTINED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.collector.PostgresResource;
import dev.sluice.collector.storage.Disposition;
import dev.sluice.collector.storage.EventColumn;
import dev.sluice.collector.storage.TelemetryEvent;
import dev.sluice.collector.storage.TelemetryStore;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
final class PostgresTelemetryStoreTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Inject
    TelemetryStore store;

    @Inject
    PartitionKeeper partitions;

    @Inject
    Pool pool;

    @Test
    void aPoisonRowDoesNotKeepItsNeighboursFromBeingStored() {
        var events = new ArrayList<>(Stream.generate(() -> event("str_good", Instant.now()))
                .limit(100)
                .toList());
        events.set(37, event("str_\0bad", Instant.now()));
        events.set(38, event("str_\0bad", Instant.now()));
        events.set(99, event("str_\0bad", Instant.now()));

        var dispositions = write(events);

        assertThat(dispositions.get(37)).isEqualTo(QUARANTINED);
        assertThat(dispositions.get(38)).isEqualTo(QUARANTINED);
        assertThat(dispositions.get(99)).isEqualTo(QUARANTINED);
        assertThat(Collections.frequency(dispositions, INSERTED)).isEqualTo(97);
        assertThat(Collections.frequency(write(events), DUPLICATE)).isEqualTo(97);
    }

    @Test
    void dispositionsComeInTheOrderOfTheEvents() {
        var known = event("str_b", Instant.now());
        write(List.of(known));
        assertThat(write(List.of(event("str_c", Instant.now()), known, event("str_a", Instant.now()), known)))
                .containsExactly(INSERTED, DUPLICATE, INSERTED, DUPLICATE);
    }

    @Test
    void theSameEventTwiceInOneWriteIsStoredOnce() {
        var event = event("str_1", Instant.now());
        assertThat(write(List.of(event, event))).containsExactly(INSERTED, DUPLICATE);
    }

    @Test
    void anotherTimeMakesAnotherEvent() {
        var event = event("str_1", Instant.now());
        var later = copy(event, event.key().eventTime().plusMillis(1));
        assertThat(write(List.of(event, later))).containsExactly(INSERTED, INSERTED);
    }

    @Test
    void theEdgesOfTheAcceptedWindowHaveAPartition() {
        var now = Instant.now();
        var edges = Stream.of(now.minus(Duration.ofDays(2)), now, now.plus(Duration.ofMinutes(10)))
                .map(time -> event("str_1", time))
                .toList();
        assertThat(write(edges)).containsOnly(INSERTED);
    }

    @Test
    void aMissingPartitionIsMadeOnTheWay() {
        var ahead = Instant.now().plus(Duration.ofDays(3));
        run("DROP TABLE event_p" + ahead.toString().substring(0, 10).replace("-", ""));
        assertThat(write(List.of(event("str_1", ahead)))).containsExactly(INSERTED);
    }

    @Test
    void aTimeThatNoPartitionCanTakeIsQuarantinedAlone() {
        var events = List.of(event("str_1", Instant.now()), event("str_1", Instant.EPOCH));
        assertThat(write(events)).containsExactly(INSERTED, QUARANTINED);
    }

    @Test
    void partitionsPastRetentionAreDroppedAndOthersKept() {
        var old = Instant.now()
                .minus(Duration.ofDays(9))
                .truncatedTo(ChronoUnit.DAYS)
                .toString()
                .substring(0, 10);
        run("SELECT make_event_partitions('%s', '%s')".formatted(old, old));
        var event = event("str_1", Instant.now());
        write(List.of(event));

        assertThat(partitions.dropExpired().await().atMost(PATIENCE)).isEqualTo(1);

        assertThat(write(List.of(event))).containsExactly(DUPLICATE);
        assertThat(partitions.makePartitions().await().atMost(PATIENCE)).isZero();
    }

    private List<Disposition> write(List<TelemetryEvent> events) {
        return store.write(events).await().atMost(PATIENCE);
    }

    private void run(String sql) {
        pool.query(sql).execute().await().atMost(PATIENCE);
    }

    private static TelemetryEvent event(String streamId, Instant time) {
        var values = new EnumMap<EventColumn, Object>(EventColumn.class);
        values.put(EventColumn.STREAM_ID, streamId);
        values.put(EventColumn.EVENT_ID, UUID.randomUUID());
        values.put(EventColumn.EVENT_TIME, time.truncatedTo(ChronoUnit.MICROS));
        values.put(EventColumn.SEQ, 1L);
        values.put(EventColumn.TYPE, "stream.started");
        values.put(EventColumn.SOURCE_KIND, "gateway");
        values.put(EventColumn.SOURCE_ID, "gateway");
        values.put(EventColumn.SOURCE_INSTANCE_ID, "instance-1");
        values.put(EventColumn.RECEIVED_AT, Instant.now().truncatedTo(ChronoUnit.MICROS));
        return new TelemetryEvent(values);
    }

    private static TelemetryEvent copy(TelemetryEvent event, Instant time) {
        var values = new EnumMap<EventColumn, Object>(EventColumn.class);
        for (var column : EventColumn.values()) {
            var value = event.get(column);
            if (value != null) {
                values.put(column, value);
            }
        }
        values.put(EventColumn.EVENT_TIME, time);
        return new TelemetryEvent(values);
    }
}
