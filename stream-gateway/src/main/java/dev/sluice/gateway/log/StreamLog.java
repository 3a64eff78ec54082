package dev.sluice.gateway.log;

import dev.sluice.gateway.generation.GenerationInfo;
import dev.sluice.gateway.generation.Session;
import dev.sluice.gateway.generation.StreamEvent;

/** The log of one stream. */
public interface StreamLog {

    /** Returns whose log it is. */
    GenerationInfo info();

    /** Returns how its generation stands. */
    Session session();

    /**
     * Adds an event and wakes the readers. Only the stream's own thread appends, and nothing after a terminal event.
     *
     * @return the event's offset
     */
    long append(StreamEvent event);

    /** Returns the offset that the next event will get; also the number of events ever appended. */
    long nextOffset();

    /** Returns the first offset that is still kept. */
    long firstOffset();

    /** Whether the terminal event was appended. */
    boolean ended();

    /** Returns how many read it now. */
    int readers();

    /**
     * Whether a writer that can wait should: somebody reads, and even the fastest reader is far behind, so that going on would
     * evict what nobody has read. {@link ReaderListener#roomAgain()} tells when it is over. Appending all the same is
     * allowed.
     */
    boolean full();

    /**
     * Opens a reader.
     *
     * @param from the first offset to read, 0 to {@link #nextOffset()}
     * @param wake called after each append, on the writer's thread; must return at once. Called once more than needed rather
     *     than once too few
     */
    LogReader read(long from, Runnable wake);
}
