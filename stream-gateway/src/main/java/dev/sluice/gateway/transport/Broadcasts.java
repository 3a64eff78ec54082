package dev.sluice.gateway.transport;

import dev.sluice.gateway.dialect.Dialect;
import dev.sluice.gateway.log.StreamLog;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The broadcasts that have readers. Thread-safe. */
final class Broadcasts {

    private final Map<Key, Members> running = new ConcurrentHashMap<>();

    private record Key(StreamLog log, Dialect dialect) {}

    private record Members(Broadcast broadcast, int count) {

        @Nullable
        Members less() {
            return count == 1 ? null : new Members(broadcast, count - 1);
        }
    }

    /** Adds a reader, who has to {@link #leave} once. */
    Broadcast join(StreamLog log, Dialect dialect) {
        return Objects.requireNonNull(running.compute(
                        new Key(log, dialect),
                        (_, members) -> members == null
                                ? new Members(new Broadcast(), 1)
                                : new Members(members.broadcast(), members.count() + 1)))
                .broadcast();
    }

    /** Takes a reader away; after the last one nothing is kept. */
    void leave(StreamLog log, Dialect dialect) {
        running.computeIfPresent(new Key(log, dialect), (_, members) -> members.less());
    }

    int size() {
        return running.size();
    }
}
