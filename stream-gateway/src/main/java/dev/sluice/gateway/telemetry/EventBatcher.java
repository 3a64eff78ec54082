package dev.sluice.gateway.telemetry;

import dev.sluice.gateway.telemetry.EventQueue.Taken;
import dev.sluice.gateway.time.Timers;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Gathers events and sends them in batches, one request in flight: at once when a batch is full, otherwise after the flush
 * interval. A batch that could not be delivered is sent again, unchanged, until it is or the collector refuses it. Thread-safe;
 * {@link #offer} never waits and never fails.
 */
@Singleton
final class EventBatcher {

    private static final Logger LOG = Logger.getLogger(EventBatcher.class);
    private static final int LAST = 10_000;
    private static final Duration LAST_FLUSH = Duration.ofSeconds(3);

    private final EventQueue queue;
    private final BatchSender sender;
    private final TelemetryJson json;
    private final int batchSize;
    private final Duration flushInterval;
    private final Timers timers;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicBoolean flushScheduled = new AtomicBoolean();
    private final Counter delivered;
    private final Counter refused;
    private volatile boolean failing;

    EventBatcher(
            TelemetryConfig config,
            BatchSender sender,
            Timers timers,
            MeterRegistry meters,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.sender = sender;
        this.timers = timers;
        this.batchSize = config.batchSize();
        this.flushInterval = config.flushInterval();
        this.queue = new EventQueue(config.queueSize(), meters);
        this.json = new TelemetryJson(
                new TelemetrySource(config.gatewayId(), Uuids.at(Instant.now()).toString(), version));
        this.delivered = meters.counter("sluice.telemetry.delivered");
        this.refused = meters.counter("sluice.telemetry.refused");
    }

    void offer(Fact fact) {
        int waiting = queue.offer(fact);
        if (waiting >= batchSize && !failing) {
            flush();
        } else if (flushScheduled.compareAndSet(false, true)) {
            timers.after(flushInterval, this::scheduledFlush);
        }
    }

    private void scheduledFlush() {
        flushScheduled.set(false);
        flush();
    }

    private void flush() {
        if (busy.compareAndSet(false, true)) {
            Uni.createFrom()
                    .item(queue::take)
                    .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                    .onItem()
                    .transformToUni(this::send)
                    .subscribe()
                    .with(this::settled, this::failed);
        }
    }

    private Uni<Taken> send(Taken batch) {
        return batch.events().isEmpty()
                ? Uni.createFrom().item(batch)
                : sender.send(json.batch(batch.events())).replaceWith(batch);
    }

    private void settled(Taken batch) {
        queue.confirm(batch);
        delivered.increment(batch.events().size());
        if (failing) {
            failing = false;
            LOG.info("The telemetry collector takes events again");
        }
        more();
    }

    /** Runs on after a success; after a failure the next attempt waits for the flush interval. */
    private void more() {
        busy.set(false);
        if (queue.size() >= batchSize && !failing) {
            flush();
        } else if (queue.size() > 0 && flushScheduled.compareAndSet(false, true)) {
            timers.after(flushInterval, this::scheduledFlush);
        }
    }

    private void failed(Throwable failure) {
        if (failure instanceof BatchRefusedException) {
            int lost = queue.discard("refused");
            refused.increment(lost);
            LOG.warnf("The telemetry collector refused %d events: %s", lost, failure.getMessage());
        } else if (!failing) {
            failing = true;
            LOG.warnf("Telemetry waits, since the collector cannot be reached: %s", failure.getMessage());
        }
        more();
    }

    /** Sends what is left, as far as that is quickly done. */
    void stop(@Observes @Priority(LAST) ShutdownDelayInitiatedEvent stopping) {
        try {
            Taken batch = queue.take();
            while (!batch.events().isEmpty()) {
                sender.sendOnce(json.batch(batch.events())).await().atMost(LAST_FLUSH);
                queue.confirm(batch);
                batch = queue.take();
            }
        } catch (RuntimeException e) {
            LOG.warnf("%d telemetry events were not delivered before the end", queue.size());
        }
    }
}
