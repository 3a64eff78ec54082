package dev.sluice.bench.soak;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A way to read a stream of Sluice's own format. A new one is a constant here. What a gateway does not offer yet is left out of
 * the run.
 */
enum Way {
    EVENT_STREAM("text/event-stream") {
        @Override
        Lines reader(Consumer<Map<String, @Nullable Object>> events) {
            return new Lines(new EventStreamLines(event -> events.accept(Json.object(event))));
        }
    },
    NDJSON("application/x-ndjson") {
        @Override
        Lines reader(Consumer<Map<String, @Nullable Object>> events) {
            return new Lines(line -> {
                if (!line.isEmpty()) {
                    events.accept(Json.object(line));
                }
            });
        }
    },
    LONG_POLL("application/json") {
        @Override
        Lines reader(Consumer<Map<String, @Nullable Object>> events) {
            return new Lines(page -> {
                if (Json.at(Json.object(page), "events") instanceof List<?> list) {
                    list.forEach(event -> events.accept(Json.members(event)));
                }
            });
        }

        @Override
        boolean inPages() {
            return true;
        }
    };

    private final String mediaType;

    Way(String mediaType) {
        this.mediaType = mediaType;
    }

    /** Returns what takes the body of an answer and passes its events on. */
    abstract Lines reader(Consumer<Map<String, @Nullable Object>> events);

    /** Whether a whole answer need not be the whole stream. */
    boolean inPages() {
        return false;
    }

    List<String> headers() {
        return List.of("Accept: " + mediaType);
    }
}
