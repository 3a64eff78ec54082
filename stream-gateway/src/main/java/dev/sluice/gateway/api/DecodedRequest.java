package dev.sluice.gateway.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.generation.StreamId;
import dev.sluice.gateway.pipeline.OnInterrupt;
import dev.sluice.gateway.transform.Transforms;
import dev.sluice.provider.ChatRequest;
import java.util.List;
import java.util.Optional;

/**
 * A request body that was understood.
 *
 * @param model the public name
 * @param fallbacks names to try after it, in order
 * @param stickyKey what the caller calls the conversation that is to stay with its target
 * @param chat what to ask
 * @param stream whether the answer is wanted as a stream
 * @param includeUsage whether the stream is to end with its usage
 * @param streamId the name that the caller gives the stream
 * @param transforms what the caller wants done to the answer
 * @param onInterrupt what is to become of an answer that breaks off
 * @param onDisconnect the disconnect policy that the caller chose, a missing node where none
 */
record DecodedRequest(
        String model,
        List<String> fallbacks,
        Optional<String> stickyKey,
        ChatRequest chat,
        boolean stream,
        boolean includeUsage,
        Transforms transforms,
        Optional<StreamId> streamId,
        OnInterrupt onInterrupt,
        JsonNode onDisconnect) {}
