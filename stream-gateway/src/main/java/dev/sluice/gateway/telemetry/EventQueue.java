package dev.sluice.gateway.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * A bounded queue that lets the oldest events go when it is full, counts them, and reports the count as an event of its own.
 * What was taken stays until it is confirmed, so that the very same batch can be taken again. Thread-safe, with a short lock.
 */
final class EventQueue {

    /** What the collector takes in one batch is twice this. */
    private static final int MAX_BATCH = 500;

    private final int capacity;
    private final Counter dropped;
    private final ArrayDeque<TelemetryEvent> events = new ArrayDeque<>();
    private List<TelemetryEvent> taken = List.of();
    private long seq;
    private long unreported;
    private String lossReason = "queue_full";

    /**
     * What is on its way.
     *
     * @param events in order of their numbers, but for the report of a loss, which comes first
     */
    record Taken(List<TelemetryEvent> events) {}

    EventQueue(int capacity, MeterRegistry meters) {
        this.capacity = capacity;
        this.dropped = meters.counter("sluice.telemetry.dropped");
        meters.gauge("sluice.telemetry.queued", this, EventQueue::size);
    }

    /** Adds an event and returns how many wait. */
    synchronized int offer(Fact fact) {
        if (events.size() >= capacity) {
            events.removeFirst();
            lost(1, "queue_full");
        }
        events.addLast(mint(fact));
        return events.size() + taken.size();
    }

    /** Returns the oldest events, or again those that were taken and not confirmed. */
    synchronized Taken take() {
        if (taken.isEmpty() && !(events.isEmpty() && unreported == 0)) {
            List<TelemetryEvent> batch = new ArrayList<>(Math.min(MAX_BATCH, events.size() + 1));
            if (unreported > 0) {
                batch.add(mint(new Fact.Dropped(unreported, lossReason)));
                unreported = 0;
            }
            while (batch.size() < MAX_BATCH && !events.isEmpty()) {
                batch.add(events.removeFirst());
            }
            taken = List.copyOf(batch);
        }
        return new Taken(taken);
    }

    /** The batch has arrived. */
    synchronized void confirm(Taken batch) {
        if (batch.events() == taken) {
            taken = List.of();
        }
    }

    /** The batch that was taken will never arrive. Returns how many events are lost with it. */
    synchronized int discard(String why) {
        int count = taken.size();
        taken = List.of();
        lost(count, why);
        return count;
    }

    /** Returns how many events wait or are on their way. */
    synchronized int size() {
        return events.size() + taken.size();
    }

    private void lost(int count, String why) {
        unreported += count;
        lossReason = why;
        dropped.increment(count);
    }

    private TelemetryEvent mint(Fact fact) {
        Instant now = Instant.now();
        return new TelemetryEvent(Uuids.at(now), ++seq, now, fact);
    }
}
