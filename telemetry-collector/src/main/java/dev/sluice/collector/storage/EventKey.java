package dev.sluice.collector.storage;

import java.time.Instant;
import java.util.Comparator;
import java.util.UUID;

/** What makes two deliveries the same event. Ordered, so that all writers can agree on one order. */
public record EventKey(String streamId, UUID eventId, Instant eventTime) implements Comparable<EventKey> {

    private static final Comparator<EventKey> ORDER = Comparator.comparing(EventKey::streamId)
            .thenComparing(EventKey::eventId)
            .thenComparing(EventKey::eventTime);

    @Override
    public int compareTo(EventKey other) {
        return ORDER.compare(this, other);
    }
}
