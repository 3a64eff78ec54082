package dev.sluice.gateway.transport;

import dev.sluice.gateway.generation.StreamEvent;
import dev.sluice.gateway.log.LogReader;
import org.jspecify.annotations.Nullable;

/** A cursor in a log that can give an event back, and join text that can be read at once. For one thread at a time. */
final class EventCursor {

    private static final int MAX_MERGED = 16 * 1_024;

    private final LogReader log;
    private @Nullable StreamEvent givenBack;
    private long offset;

    EventCursor(LogReader log) {
        this.log = log;
    }

    /** Returns the next event and moves on, or null when there is none yet. */
    @Nullable
    StreamEvent poll() {
        StreamEvent event = givenBack;
        if (event == null) {
            offset = log.position();
            return log.poll();
        }
        offset = log.position() - 1;
        givenBack = null;
        return event;
    }

    /** Does the same, but where text comes, more of it that is there comes with it, as one event with the last one's offset. */
    @Nullable
    StreamEvent pollMerged() {
        StreamEvent event = poll();
        return event instanceof StreamEvent.Text text ? merged(text) : event;
    }

    /** Returns the offset of the event that was returned last. Of no meaning for a {@link StreamEvent.Reset}. */
    long offset() {
        return offset;
    }

    /** Takes back the event that was returned last; it is the next one again. */
    void giveBack(StreamEvent event) {
        givenBack = event;
    }

    /** Whether an event was given back. */
    boolean holds() {
        return givenBack != null;
    }

    /** Returns the offset after the last event that the log gave, whether it was given back or not. */
    long position() {
        return log.position();
    }

    /** Moves on to an offset whose predecessors were read by other means. */
    void skipTo(long next) {
        log.skipTo(next);
    }

    /** Stops reading. Closing twice counts once. */
    void close() {
        log.close();
    }

    private StreamEvent merged(StreamEvent.Text first) {
        StringBuilder joined = new StringBuilder(first.content());
        int index = first.index();
        long last = offset;
        while (joined.length() < MAX_MERGED) {
            StreamEvent event = poll();
            if (event instanceof StreamEvent.Text text) {
                joined.append(text.content());
                index = text.index();
                last = offset;
            } else {
                givenBack = event;
                break;
            }
        }
        offset = last;
        return new StreamEvent.Text(joined.toString(), index);
    }
}
