package dev.sluice.gateway.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.pipeline.DisconnectConfig;
import dev.sluice.gateway.pipeline.DisconnectPolicy;
import dev.sluice.provider.ChatRequest;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Set;

/**
 * Reads what a caller wants to become of a stream that nobody reads any more: a policy's name, or an object with the policy as
 * its one field and the bounds as that field's value.
 */
@Singleton
final class DisconnectPolicies {

    private static final String FIELD = "on_disconnect";

    private final DisconnectConfig config;

    DisconnectPolicies(DisconnectConfig config) {
        this.config = config;
    }

    /**
     * Reads {@code on_disconnect} of a stream in Sluice's format; without it, a reader may come back for a while.
     *
     * @throws GatewayException {@code INVALID_REQUEST} with the field at fault
     */
    DisconnectPolicy ofStream(JsonNode value) {
        return read(value, FIELD, new DisconnectPolicy.Grace(config.grace()));
    }

    /**
     * Reads {@code on_disconnect} of a stream that is started on a WebSocket; without it, the stream ends with its reader.
     *
     * @throws GatewayException {@code INVALID_REQUEST} with the field at fault
     */
    DisconnectPolicy ofSocket(JsonNode value) {
        return read(value, FIELD, new DisconnectPolicy.Cancel());
    }

    /**
     * Reads {@code sluice.on_disconnect} of a request in somebody else's format, whose clients do not come back.
     *
     * @throws GatewayException {@code INVALID_REQUEST} with the field at fault
     */
    DisconnectPolicy ofExtension(ChatRequest chat) {
        return read(chat.extension().path(FIELD), "sluice." + FIELD, new DisconnectPolicy.Cancel());
    }

    private DisconnectPolicy read(JsonNode value, String path, DisconnectPolicy otherwise) {
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        boolean bounded = value.isObject() && value.size() == 1;
        String name = bounded ? value.fieldNames().next() : value.asText();
        JsonNode bounds = bounded ? value.path(name) : MissingNode.getInstance();
        return switch (name) {
            case "cancel" -> {
                check(bounds, path + ".cancel", Set.of());
                yield new DisconnectPolicy.Cancel();
            }
            case "grace" -> {
                check(bounds, path + ".grace", Set.of("seconds"));
                yield new DisconnectPolicy.Grace(seconds(bounds, path + ".grace", config.grace(), config.maxGrace()));
            }
            case "drain" -> {
                check(bounds, path + ".drain", Set.of("seconds", "tokens"));
                Duration longest = config.drain().maxDuration();
                long most = config.drain().maxTokens();
                yield new DisconnectPolicy.Drain(
                        number(bounds.path("tokens"), path + ".drain.tokens", most, most),
                        seconds(bounds, path + ".drain", longest, longest));
            }
            default ->
                throw GatewayException.invalid(
                        path,
                        path
                                + " must be \"cancel\", \"grace\", \"drain\", or an object with one of them as its field.");
        };
    }

    private static void check(JsonNode bounds, String path, Set<String> known) {
        if (!bounds.isMissingNode() && !bounds.isObject()) {
            throw GatewayException.invalid(path, path + " must be an object.");
        }
        bounds.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw GatewayException.invalid(path + "." + name, path + " has no bound of this name.");
            }
        });
    }

    private static Duration seconds(JsonNode bounds, String path, Duration otherwise, Duration most) {
        JsonNode value = bounds.path("seconds");
        return value.isMissingNode()
                ? otherwise
                : Duration.ofSeconds(number(value, path + ".seconds", 0, most.toSeconds()));
    }

    private static long number(JsonNode value, String path, long otherwise, long most) {
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < 1
                || value.longValue() > most) {
            throw GatewayException.invalid(path, path + " must be a whole number from 1 to " + most + ".");
        }
        return value.longValue();
    }
}
