package dev.sluice.collector.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.collector.storage.Disposition;
import dev.sluice.collector.storage.EventColumn;
import dev.sluice.collector.storage.StoreUnavailableException;
import dev.sluice.collector.storage.TelemetryEvent;
import dev.sluice.collector.storage.TelemetryStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class CoalescerTest {

    /** A write that the test has yet to answer. */
    private record Write(List<TelemetryEvent> events, UniEmitter<? super List<Disposition>> emitter) {

        void succeed(Disposition disposition) {
            emitter.complete(Collections.nCopies(events.size(), disposition));
        }

        void fail() {
            emitter.fail(new StoreUnavailableException(new IllegalStateException("gone")));
        }
    }

    private final Queue<Write> writes = new ArrayDeque<>();
    private final TelemetryStore store =
            events -> Uni.createFrom().emitter(emitter -> writes.add(new Write(events, emitter)));
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final EventLedger ledger = new EventLedger(registry);
    private final Coalescer coalescer = new Coalescer(
            store,
            ledger,
            registry,
            TestSettings.with(Map.of(
                    "sluice.collector.writing.max-rows", "10", "sluice.collector.limits.max-pending-events", "30")));

    @Test
    void anIdleCoalescerWritesAtOnce() {
        submit(3);
        assertThat(write().events()).hasSize(3);
    }

    @Test
    void whatArrivesDuringAWriteIsWrittenTogetherUpToTheLimit() {
        submit(1);
        submit(4);
        submit(5);
        submit(6);
        var first = write();
        assertThat(writes).isEmpty();
        first.succeed(Disposition.INSERTED);
        var second = write();
        assertThat(second.events()).hasSize(9);
        second.succeed(Disposition.INSERTED);
        assertThat(write().events()).hasSize(6);
    }

    @Test
    void everyCallerGetsItsOwnDispositions() {
        var first = submit(2);
        var second = submit(1);
        write().succeed(Disposition.INSERTED);
        first.awaitItem().assertItem(List.of(Disposition.INSERTED, Disposition.INSERTED));
        second.assertNotTerminated();
        write().succeed(Disposition.DUPLICATE);
        second.awaitItem().assertItem(List.of(Disposition.DUPLICATE));
    }

    @Test
    void whatDoesNotFitIsRefusedAtOnceAndFitsAgainLater() {
        submit(20);
        submit(10);
        assertThat(coalescer.submit(events(1))).isNull();
        write().succeed(Disposition.INSERTED);
        assertThat(coalescer.submit(events(20))).isNotNull();
    }

    @Test
    void aFailedWriteGoesBackToItsCallersAndTheNextOneIsTried() {
        var first = submit(2);
        var second = submit(1);
        write().fail();
        first.awaitFailure().assertFailedWith(StoreUnavailableException.class);
        write().succeed(Disposition.INSERTED);
        second.awaitItem();
    }

    @Test
    void aCallerThatHangsUpDoesNotTakeItsNeighboursWithIt() {
        var first = submit(1);
        first.cancel();
        var second = submit(1);
        write().succeed(Disposition.INSERTED);
        write().succeed(Disposition.INSERTED);
        second.awaitItem();
    }

    @Test
    void everyEventIsPendingUntilItIsCountedUnderWhatBecameOfIt() {
        submit(2);
        submit(3);
        assertThat(pending()).isEqualTo(5);
        write().succeed(Disposition.QUARANTINED);
        assertThat(pending()).isEqualTo(3);
        assertThat(counted("quarantined")).isEqualTo(2);
        write().fail();
        assertThat(pending()).isZero();
        assertThat(counted("returned")).isEqualTo(3);
    }

    private UniAssertSubscriber<List<Disposition>> submit(int events) {
        return Objects.requireNonNull(coalescer.submit(events(events)))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }

    private Write write() {
        return Objects.requireNonNull(writes.poll(), "nothing is being written");
    }

    private double pending() {
        return registry.get("sluice.collector.events.pending").gauge().value();
    }

    private double counted(String result) {
        return registry.get("sluice.collector.events")
                .tag("result", result)
                .counter()
                .count();
    }

    private static List<TelemetryEvent> events(int count) {
        return Stream.generate(() -> new TelemetryEvent(Map.of(
                        EventColumn.STREAM_ID,
                        "str_1",
                        EventColumn.EVENT_ID,
                        UUID.randomUUID(),
                        EventColumn.EVENT_TIME,
                        Instant.EPOCH)))
                .limit(count)
                .toList();
    }
}
