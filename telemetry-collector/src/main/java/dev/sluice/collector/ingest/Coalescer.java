package dev.sluice.collector.ingest;

import dev.sluice.collector.settings.CollectorSettings;
import dev.sluice.collector.storage.Disposition;
import dev.sluice.collector.storage.TelemetryEvent;
import dev.sluice.collector.storage.TelemetryStore;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes the batches of many requests together. One write is under way at a time; what arrives meanwhile forms the next
 * one, so that an idle collector adds no delay and a busy one writes large statements. Bounded: what does not fit is
 * refused at once. Thread-safe.
 */
@Singleton
final class Coalescer {

    private final TelemetryStore store;
    private final EventLedger ledger;
    private final int maxRows;
    private final int maxPending;
    private final Timer writeTime;
    private final DistributionSummary writeRows;

    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Waiting> queue = new ArrayDeque<>();
    private int pending;
    private boolean writing;

    private record Waiting(List<TelemetryEvent> events, CompletableFuture<List<Disposition>> answer) {}

    Coalescer(TelemetryStore store, EventLedger ledger, MeterRegistry registry, CollectorSettings settings) {
        this.store = store;
        this.ledger = ledger;
        this.maxRows = settings.writing().maxRows();
        this.maxPending = settings.limits().maxPendingEvents();
        this.writeTime = registry.timer("sluice.collector.write");
        this.writeRows = registry.summary("sluice.collector.write.rows");
    }

    /**
     * Queues the events of one request.
     *
     * @return their dispositions once durable, the store's failure, or null when there is no room and nothing was queued
     */
    @Nullable
    Uni<List<Disposition>> submit(List<TelemetryEvent> events) {
        var answer = new CompletableFuture<List<Disposition>>();
        lock.lock();
        try {
            // A batch greater than the whole room is let in alone, or it could never be stored.
            if (pending > 0 && pending + events.size() > maxPending) {
                return null;
            }
            pending += events.size();
            queue.add(new Waiting(events, answer));
        } finally {
            lock.unlock();
        }
        ledger.queued(events.size());
        writeNext();
        // Not cancellable from outside: a caller that hangs up must not take its neighbours' write with it.
        return Uni.createFrom().completionStage(() -> answer.copy());
    }

    private void writeNext() {
        var together = take();
        if (together.isEmpty()) {
            return;
        }
        var events =
                together.stream().flatMap(waiting -> waiting.events().stream()).toList();
        var sample = Timer.start();
        Uni.createFrom()
                .deferred(() -> store.write(events))
                .subscribe()
                .with(
                        dispositions -> finish(together, sample, () -> settle(together, dispositions)),
                        failure -> finish(together, sample, () -> giveUp(together, failure)));
    }

    private List<Waiting> take() {
        var together = new ArrayList<Waiting>();
        lock.lock();
        try {
            if (writing) {
                return List.of();
            }
            var rows = 0;
            for (var next = queue.peek(); next != null; next = queue.peek()) {
                if (!together.isEmpty() && rows + next.events().size() > maxRows) {
                    break;
                }
                rows += next.events().size();
                together.add(next);
                queue.remove();
            }
            writing = !together.isEmpty();
        } finally {
            lock.unlock();
        }
        return together;
    }

    private void finish(List<Waiting> together, Timer.Sample sample, Runnable answerAll) {
        var rows =
                together.stream().mapToInt(waiting -> waiting.events().size()).sum();
        sample.stop(writeTime);
        writeRows.record(rows);
        lock.lock();
        try {
            writing = false;
            pending -= rows;
        } finally {
            lock.unlock();
        }
        // The next write goes out before the answers of this one, so that the database does not wait for HTTP.
        writeNext();
        answerAll.run();
    }

    private void settle(List<Waiting> together, List<Disposition> dispositions) {
        var from = 0;
        for (var waiting : together) {
            var own = dispositions.subList(from, from + waiting.events().size());
            from += own.size();
            own.forEach(ledger::settled);
            waiting.answer().complete(own);
        }
    }

    private void giveUp(List<Waiting> together, Throwable failure) {
        for (var waiting : together) {
            ledger.gaveUp(waiting.events().size());
            waiting.answer().completeExceptionally(failure);
        }
    }
}
