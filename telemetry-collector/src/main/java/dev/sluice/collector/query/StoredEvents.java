package dev.sluice.collector.query;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;

/** Reads events through Hibernate. Must be called on a Vert.x context, as every resource method is. */
@Singleton
class StoredEvents implements PanacheRepositoryBase<StoredEvent, StoredEvent.Key> {

    /** A stream has a handful of events; an instance's own events may be many more. */
    private static final int MAX_EVENTS = 10_000;

    /** The first 10 000 events of a stream, oldest first; of two at the same time the one that was minted first. */
    Uni<List<StoredEvent>> ofStream(String streamId) {
        var order = Sort.by("eventTime").and("seq").and("eventId");
        return Panache.withSession(
                () -> find("streamId", order, streamId).page(0, MAX_EVENTS).list());
    }
}
