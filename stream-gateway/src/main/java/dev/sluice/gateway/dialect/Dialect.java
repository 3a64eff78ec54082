package dev.sluice.gateway.dialect;

import dev.sluice.gateway.generation.GenerationInfo;

/** One public format of a stream. Thread-safe. */
public interface Dialect {

    /** Returns an encoder for one reader of one stream. */
    StreamEncoder encoder(GenerationInfo info);

    /**
     * Whether the response's head waits for the first visible event. Then a failure before it has a real HTTP status;
     * otherwise it is an event like any other.
     */
    boolean holdsHead();
}
