package dev.sluice.gateway.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.generation.StreamId;
import dev.sluice.gateway.pipeline.DisconnectPolicy;
import dev.sluice.gateway.pipeline.GenerationRequest;
import dev.sluice.gateway.transport.TransportConfig;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.util.Optional;

/** From a request for a stream to what the pipeline wants to know. */
@Singleton
final class StreamRequests {

    private static final String PATH = "/v1/streams";

    private final RequestDecoder decoder;
    private final TransportConfig config;

    StreamRequests(RequestDecoder decoder, TransportConfig config) {
        this.decoder = decoder;
        this.config = config;
    }

    /**
     * Reads a body and headers.
     *
     * @throws GatewayException {@code INVALID_REQUEST} with the field at fault
     */
    GenerationRequest decode(byte[] body, Caller caller, HttpServerRequest http) {
        DecodedRequest request = decoder.stream(body);
        Optional<StreamId> name = request.streamId().or(() -> idempotencyKey(http));
        return new GenerationRequest(
                caller,
                name.orElseGet(StreamId::random),
                request.model(),
                request.fallbacks(),
                request.chat(),
                PATH,
                true,
                name.isPresent() ? Digest.of(body) : null,
                policy(request.onDisconnect()));
    }

    /**
     * Reads the fields of a chat, whose streams nobody can name.
     *
     * @param endpoint the path it came to
     * @throws GatewayException {@code INVALID_REQUEST} with the field at fault
     */
    GenerationRequest chat(ObjectNode fields, Caller caller, String endpoint) {
        Optional<String> onDisconnect = Optional.ofNullable(fields.remove("on_disconnect"))
                .filter(value -> !value.isNull())
                .map(JsonNode::asText);
        DecodedRequest request = decoder.translated(fields);
        return new GenerationRequest(
                caller,
                StreamId.random(),
                request.model(),
                request.fallbacks(),
                request.chat(),
                endpoint,
                true,
                null,
                policy(onDisconnect));
    }

    private static Optional<StreamId> idempotencyKey(HttpServerRequest http) {
        return Optional.ofNullable(http.getHeader("Idempotency-Key"))
                .map(key -> StreamId.parse(key)
                        .orElseThrow(() -> GatewayException.invalid(
                                "Idempotency-Key",
                                "Idempotency-Key must be 1 to 128 characters of A-Z, a-z, 0-9, _ and -.")));
    }

    private DisconnectPolicy policy(Optional<String> name) {
        return switch (name.orElse("grace")) {
            case "cancel" -> new DisconnectPolicy.Cancel();
            case "grace" -> new DisconnectPolicy.Grace(config.grace());
            case "drain" -> new DisconnectPolicy.Drain();
            default -> throw GatewayException.invalid("on_disconnect", "on_disconnect must be cancel, grace or drain.");
        };
    }
}
