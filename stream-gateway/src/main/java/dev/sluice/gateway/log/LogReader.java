package dev.sluice.gateway.log;

import dev.sluice.gateway.generation.StreamEvent;
import org.jspecify.annotations.Nullable;

/** A cursor in a log, for one thread at a time. */
public interface LogReader extends AutoCloseable {

    /**
     * Returns the next event and moves on, or null when there is none yet. After an eviction that overtook this reader it
     * returns one {@link StreamEvent.Reset}, which has no offset, and goes on behind the gap.
     */
    @Nullable
    StreamEvent poll();

    /** Returns the offset of the next event to read: the one to resume from. */
    long position();

    /**
     * Moves on to an offset whose predecessors the reader has by other means.
     *
     * @param offset from {@link #position()} to the offset that the log gives next
     */
    void skipTo(long offset);

    /** Stops the wake-ups. Closing twice counts once. */
    @Override
    void close();
}
