package dev.sluice.gateway.log;

import dev.sluice.gateway.generation.GenerationInfo;
import dev.sluice.gateway.generation.StreamKey;
import java.util.Optional;

/** Keeps the logs of running streams, and those of ended ones for a while. Thread-safe. */
public interface StreamLogs {

    /**
     * Starts an empty log.
     *
     * @param listener told when readers come and go
     * @return empty when there already is a log of that key
     */
    Optional<StreamLog> open(GenerationInfo info, ReaderListener listener);

    /** Finds a log that is still kept. */
    Optional<StreamLog> find(StreamKey key);
}
