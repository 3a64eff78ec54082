package dev.sluice.gateway.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.generation.StreamId;
import dev.sluice.gateway.pipeline.DisconnectPolicy;
import dev.sluice.gateway.pipeline.GenerationRequest;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From a request for a stream to what the pipeline wants to know. */
@Singleton
final class StreamRequests {

    private static final String PATH = "/v1/streams";

    private final RequestDecoder decoder;
    private final DisconnectPolicies disconnectPolicies;

    StreamRequests(RequestDecoder decoder, DisconnectPolicies disconnectPolicies) {
        this.decoder = decoder;
        this.disconnectPolicies = disconnectPolicies;
    }

    /**
     * Reads a body and headers.
     *
     * @throws GatewayException {@code INVALID_REQUEST} with the field at fault
     */
    GenerationRequest decode(byte[] body, Caller caller, HttpServerRequest http) {
        DecodedRequest request = decoder.stream(body);
        Optional<StreamId> name = name(request.streamId(), idempotencyKey(http));
        return of(
                request,
                StickyKeys.of(request.stickyKey(), http),
                caller,
                name,
                PATH,
                name.isPresent() ? digest(decoder.object(body)) : null,
                disconnectPolicies.ofStream(request.onDisconnect()));
    }

    /**
     * Reads the fields of a message that came over a WebSocket, and changes them.
     *
     * @throws GatewayException {@code INVALID_REQUEST} with the field at fault
     */
    GenerationRequest decode(ObjectNode fields, Caller caller) {
        ObjectNode original = fields.deepCopy();
        DecodedRequest request = decoder.stream(fields);
        return of(
                request,
                request.stickyKey().orElse(null),
                caller,
                request.streamId(),
                SocketRoute.PATH,
                request.streamId().isPresent() ? digest(original) : null,
                disconnectPolicies.ofSocket(request.onDisconnect()));
    }

    private static GenerationRequest of(
            DecodedRequest request,
            @Nullable String stickyKey,
            Caller caller,
            Optional<StreamId> name,
            String endpoint,
            @Nullable String digest,
            DisconnectPolicy onDisconnect) {
        return new GenerationRequest(
                caller,
                name.orElseGet(StreamId::random),
                request.model(),
                request.fallbacks(),
                stickyKey,
                request.chat(),
                endpoint,
                true,
                digest,
                onDisconnect,
                request.onInterrupt(),
                request.transforms());
    }

    private static Optional<StreamId> name(Optional<StreamId> field, Optional<StreamId> header) {
        if (field.isPresent() && header.isPresent() && !field.equals(header)) {
            throw GatewayException.invalid(
                    "Idempotency-Key", "Idempotency-Key and stream_id name two different streams: send one of them.");
        }
        return field.or(() -> header);
    }

    /** Neither the stream's name nor how the answer is carried makes it another generation. */
    private static String digest(ObjectNode fields) {
        return Digest.of(CanonicalJson.of(fields.without(List.of("stream_id", "stream", "stream_options"))));
    }

    /**
     * Reads the fields of a chat, whose streams nobody can name.
     *
     * @param endpoint the path it came to
     * @param chatId the key of a request that has none, null where chats do not stay with their targets
     * @throws GatewayException {@code INVALID_REQUEST} with the field at fault
     */
    GenerationRequest chat(
            ObjectNode fields, Caller caller, String endpoint, @Nullable String chatId, HttpServerRequest http) {
        JsonNode onDisconnect = fields.path("on_disconnect");
        fields.remove("on_disconnect");
        DecodedRequest request = decoder.translated(fields);
        String asked = StickyKeys.of(request.stickyKey(), http);
        return of(
                request,
                asked == null ? chatId : asked,
                caller,
                Optional.empty(),
                endpoint,
                null,
                disconnectPolicies.ofStream(onDisconnect));
    }

    /** Returns the generation of a request in a foreign format, whose stream its caller cannot name. */
    GenerationRequest unnamed(DecodedRequest request, Caller caller, String endpoint, HttpServerRequest http) {
        return new GenerationRequest(
                caller,
                StreamId.random(),
                request.model(),
                request.fallbacks(),
                StickyKeys.of(request.stickyKey(), http),
                request.chat(),
                endpoint,
                request.stream(),
                null,
                disconnectPolicies.ofExtension(request.chat()),
                request.onInterrupt(),
                request.transforms());
    }

    private static Optional<StreamId> idempotencyKey(HttpServerRequest http) {
        return Optional.ofNullable(http.getHeader("Idempotency-Key"))
                .map(key -> StreamId.parse(key)
                        .orElseThrow(() -> GatewayException.invalid(
                                "Idempotency-Key",
                                "Idempotency-Key must be 1 to 128 characters of A-Z, a-z, 0-9, _ and -.")));
    }
}
