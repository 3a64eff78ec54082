package dev.sluice.gateway.generation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What stays the same about a generation from its acceptance to its end.
 *
 * @param key whose stream it is, and its name
 * @param model the public name that was asked for
 * @param endpoint the path the request came to
 * @param streamed whether the caller wants the answer as a stream
 * @param requestDigest tells whether another request is the same one; null where nobody can send it again, since the caller
 *     did not name the stream
 * @param acceptedAt when it was accepted
 */
public record GenerationInfo(
        StreamKey key,
        String model,
        String endpoint,
        boolean streamed,
        @Nullable String requestDigest,
        Instant acceptedAt) {}
