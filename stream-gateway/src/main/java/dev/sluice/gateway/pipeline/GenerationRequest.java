package dev.sluice.gateway.pipeline;

import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.generation.StreamId;
import dev.sluice.gateway.transform.Transforms;
import dev.sluice.provider.ChatRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A checked request.
 *
 * @param caller who asks
 * @param id what its stream is to be called
 * @param model the public name
 * @param fallbacks public names to try after it, in order
 * @param stickyKey requests with the same key go to the same target while it is healthy; null where any will do
 * @param chat what to ask
 * @param endpoint the path it came to
 * @param streamed whether the caller wants the answer as a stream
 * @param digest tells whether another request is the same one; null where the caller did not name the stream
 * @param onDisconnect what becomes of it when nobody reads
 * @param onInterrupt what becomes of it when the provider breaks off
 * @param transforms what the caller wants done to the answer, after what the model's configuration demands
 */
public record GenerationRequest(
        Caller caller,
        StreamId id,
        String model,
        List<String> fallbacks,
        @Nullable String stickyKey,
        ChatRequest chat,
        String endpoint,
        boolean streamed,
        @Nullable String digest,
        DisconnectPolicy onDisconnect,
        OnInterrupt onInterrupt,
        Transforms transforms) {}
