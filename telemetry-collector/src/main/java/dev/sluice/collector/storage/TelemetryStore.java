package dev.sluice.collector.storage;

import io.smallrye.mutiny.Uni;
import java.util.List;

/** Where events are kept. Never blocks; may be called from any thread. */
public interface TelemetryStore {

    /**
     * Writes events together. An event that the store cannot hold does not keep the others from being stored.
     *
     * @return one disposition for each event, in the same order, once all of them are durable; or the failure {@link
     *     StoreUnavailableException}, after which any of the events may have been stored, so that sending them again is
     *     right and harmless
     */
    Uni<List<Disposition>> write(List<TelemetryEvent> events);
}
