package dev.sluice.gateway.log;

import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.generation.GenerationInfo;
import dev.sluice.gateway.generation.StreamKey;
import java.util.Iterator;
import java.util.Optional;

/** Keeps the logs of running streams, and those of ended ones for a while. Thread-safe. */
public interface StreamLogs {

    /**
     * Starts an empty log.
     *
     * @param listener told when readers come and go, until the stream has ended
     * @return empty when there already is a log of that key
     */
    Optional<StreamLog> open(GenerationInfo info, ReaderListener listener);

    /** Finds a log that is still kept. */
    Optional<StreamLog> find(StreamKey key);

    /**
     * Walks through the logs of one caller that are still kept, from the one opened last to the one opened first. Logs that
     * come or go meanwhile may or may not be met.
     *
     * @param before only logs with a smaller number are met
     */
    Iterator<Numbered> newestFirst(Caller owner, long before);

    /**
     * A log and its place among all logs.
     *
     * @param number from 1, in the order in which they were opened
     */
    record Numbered(long number, StreamLog log) {}
}
