package dev.sluice.gateway.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.generation.GatewayException;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what a caller calls the conversation that is to stay with its target. */
final class StickyKeys {

    private static final String HEADER = "Sluice-Sticky";
    private static final int MAX_LENGTH = 256;

    private StickyKeys() {}

    /**
     * Reads a field that holds a key, or is absent.
     *
     * @param path where the field stands in the request
     * @throws GatewayException {@code INVALID_REQUEST} for anything but a key
     */
    static Optional<String> field(String path, JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        return Optional.of(checked(path, value.isTextual() ? value.textValue() : ""));
    }

    /**
     * Returns the key of a request.
     *
     * @param field what its body says
     * @throws GatewayException {@code INVALID_REQUEST} where the header holds no key, or another one than the body
     */
    static @Nullable String of(Optional<String> field, HttpServerRequest http) {
        Optional<String> header = Optional.ofNullable(http.getHeader(HEADER)).map(key -> checked(HEADER, key));
        if (field.isPresent() && header.isPresent() && !field.equals(header)) {
            throw GatewayException.invalid(
                    HEADER, HEADER + " and the body's sticky are two different keys: send one of them.");
        }
        return field.or(() -> header).orElse(null);
    }

    private static String checked(String path, String key) {
        if (key.isBlank() || key.length() > MAX_LENGTH) {
            throw GatewayException.invalid(
                    path, path + " must be a string of 1 to " + MAX_LENGTH + " characters, not all of them blank.");
        }
        return key;
    }
}
