package dev.sluice.gateway.resilience;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a stream may take; each above zero.
 *
 * @param firstChunk from sending a request to the first chunk of the answer, connecting included
 * @param wholeAnswer the same for an answer that comes in one piece; null for as long as {@code total}
 * @param idle between two chunks
 * @param total from acceptance to the end, all attempts together
 */
record StreamClocks(Duration firstChunk, @Nullable Duration wholeAnswer, Duration idle, Duration total) {

    /** No annotation says these. */
    static final StreamClocks DEFAULTS =
            new StreamClocks(Duration.ofSeconds(120), null, Duration.ofSeconds(30), Duration.ofMinutes(10));

    /** Returns the same for an answer that comes in one piece, and so begins only when it is complete. */
    StreamClocks forWholeAnswers() {
        return new StreamClocks(wholeAnswer == null ? total : wholeAnswer, wholeAnswer, idle, total);
    }
}
