package dev.sluice.gateway.resilience;

import java.time.Duration;

/**
 * How long a stream may take; each above zero.
 *
 * @param firstChunk from sending a request to the first chunk of the answer, connecting included
 * @param idle between two chunks
 * @param total from acceptance to the end, all attempts together
 */
record StreamClocks(Duration firstChunk, Duration idle, Duration total) {

    /** No annotation says these. */
    static final StreamClocks DEFAULTS =
            new StreamClocks(Duration.ofSeconds(120), Duration.ofSeconds(30), Duration.ofMinutes(10));
}
