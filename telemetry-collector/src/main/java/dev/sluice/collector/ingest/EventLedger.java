package dev.sluice.collector.ingest;

import dev.sluice.collector.storage.Disposition;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts every event twice: when it is received, and when it is known what became of it. At any time {@code received =
 * inserted + duplicate + rejected + quarantined + returned + pending}; pending is counted on its own, so that the
 * equation can fail.
 */
@Singleton
final class EventLedger {

    private static final String NAME = "sluice.collector.events";

    private final Counter received;
    private final Counter inserted;
    private final Counter duplicate;
    private final Counter rejected;
    private final Counter quarantined;
    private final Counter returned;
    private final AtomicLong pending;

    EventLedger(MeterRegistry registry) {
        this.received = counter(registry, "received");
        this.inserted = counter(registry, "inserted");
        this.duplicate = counter(registry, "duplicate");
        this.rejected = counter(registry, "rejected");
        this.quarantined = counter(registry, "quarantined");
        this.returned = counter(registry, "returned");
        this.pending = new AtomicLong();
        registry.gauge("sluice.collector.events.pending", pending);
    }

    /** Events of a batch that was readable, good and bad ones. */
    void received(int events) {
        received.increment(events);
    }

    /** Events that failed their check. */
    void rejected(int events) {
        rejected.increment(events);
    }

    /** Good events that the caller got back, because we are behind. */
    void returned(int events) {
        returned.increment(events);
    }

    /** Good events that now wait for the store. */
    void queued(int events) {
        pending.addAndGet(events);
    }

    /** An event that waited is settled. */
    void settled(Disposition disposition) {
        pending.decrementAndGet();
        switch (disposition) {
            case INSERTED -> inserted.increment();
            case DUPLICATE -> duplicate.increment();
            case QUARANTINED -> quarantined.increment();
        }
    }

    /** Events that waited go back to their caller, because the store is away. */
    void gaveUp(int events) {
        pending.addAndGet(-events);
        returned.increment(events);
    }

    private static Counter counter(MeterRegistry registry, String result) {
        return Counter.builder(NAME)
                .tag("result", result)
                .description("Telemetry events by what became of them")
                .register(registry);
    }
}
