package dev.sluice.gateway.transport;

import dev.sluice.gateway.dialect.Dialect;
import dev.sluice.gateway.log.StreamLog;
import java.time.Duration;

/**
 * What one client wants to read.
 *
 * @param log the stream
 * @param from the first offset, 0 to the log's next one
 * @param dialect the format
 * @param holdHead whether the response's head waits for the answer's beginning or its failure
 * @param coalesce for how long text is gathered into one event; zero passes every delta at once
 */
public record Reading(StreamLog log, long from, Dialect dialect, boolean holdHead, Duration coalesce) {

    /** Reads a stream as its format wants it. */
    public static Reading of(StreamLog log, long from, Dialect dialect) {
        return new Reading(log, from, dialect, dialect.holdsHead(), Duration.ZERO);
    }
}
