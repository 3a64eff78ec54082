package dev.sluice.gateway.dialect;

import dev.sluice.gateway.generation.GenerationInfo;
import dev.sluice.gateway.generation.StreamEvent;

/**
 * A format with one JSON object for each event, so that the events of a stream can be counted. Carries no state: one encoder
 * serves all streams.
 *
 * <p>As server-sent events it has {@code id} and {@code data} lines only, so that a browser's {@code EventSource.onmessage} gets
 * every event.
 *
 * @param framing how the objects are set apart
 * @param json what the objects say
 */
public record EventDialect(Framing framing, EventJson json) implements Dialect, StreamEncoder {

    /** Writes events as JSON. Thread-safe. */
    @FunctionalInterface
    public interface EventJson {

        /**
         * Appends one event as one object without line breaks of its own.
         *
         * @param offset the event's offset; of no meaning for a {@link StreamEvent.Reset}
         */
        void append(long offset, StreamEvent event, Utf8Buffer out);
    }

    @Override
    public StreamEncoder encoder(GenerationInfo info) {
        return this;
    }

    @Override
    public boolean stateless() {
        return true;
    }

    @Override
    public void encode(long offset, StreamEvent event, Utf8Buffer out) {
        switch (framing) {
            case EVENT_STREAM -> {
                if (!(event instanceof StreamEvent.Reset)) {
                    out.raw("id: ").number(offset).raw("\n");
                }
                json.append(offset, event, out.raw("data: "));
                out.raw("\n\n");
            }
            case LINES -> {
                json.append(offset, event, out);
                out.raw("\n");
            }
        }
    }
}
