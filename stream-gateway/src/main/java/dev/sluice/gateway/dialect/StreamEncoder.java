package dev.sluice.gateway.dialect;

import dev.sluice.gateway.generation.StreamEvent;

/** Writes the events of one stream as server-sent events. For one thread at a time. */
public interface StreamEncoder {

    /**
     * Appends whole frames, or nothing where this format does not show the event.
     *
     * @param offset the event's offset; of no meaning for a {@link StreamEvent.Reset}
     */
    void encode(long offset, StreamEvent event, Utf8Buffer out);

    /** Whether this format shows nothing after an event, so that the response can end with it. */
    default boolean endsWith(StreamEvent event) {
        return event.terminal();
    }
}
