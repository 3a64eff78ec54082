package dev.sluice.gateway.api;

import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.transport.websocket.SocketConfig;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells who opens a WebSocket, and whether the page that does may. A browser sends no header of a page's choice but the
 * subprotocols, so the key may be one of those. Browsers let every page open sockets to everywhere; the page's origin is all
 * there is against a page that uses somebody else's browser.
 */
@Singleton
final class SocketCredentials {

    private static final String KEY_PROTOCOL = "sluice.key.";
    private static final Set<String> KEY_PARAMETERS =
            Set.of("key", "api_key", "api-key", "apikey", "x-api-key", "token", "access_token", "authorization");

    private final Callers callers;
    private final Set<String> allowedOrigins;

    SocketCredentials(Callers callers, SocketConfig config) {
        this.callers = callers;
        this.allowedOrigins = config.allowedOrigins().orElse(Set.of());
    }

    /**
     * Returns who sent the request.
     *
     * @throws GatewayException {@link ErrorCode#UNAUTHENTICATED}; {@link ErrorCode#FORBIDDEN} for a page from elsewhere;
     *     {@link ErrorCode#INVALID_REQUEST} for a key at the wrong place
     */
    Caller identify(HttpServerRequest http) {
        for (String name : http.params().names()) {
            if (KEY_PARAMETERS.contains(name.toLowerCase(Locale.ROOT))) {
                throw GatewayException.invalid(
                        name,
                        "A key in the address ends up in logs: send it as \"Authorization: Bearer\", or from a browser as"
                                + " the subprotocol \"" + KEY_PROTOCOL + "\" with the key in base64url.");
            }
        }
        requireOrigin(http);
        return callers.identify(Callers.presentedKey(http).or(() -> keyAmongProtocols(http)));
    }

    private void requireOrigin(HttpServerRequest http) {
        String origin = http.getHeader("Origin");
        if (origin != null
                && !sameHost(origin, http.getHeader("Host"))
                && !allowedOrigins.contains("*")
                && !allowedOrigins.contains(origin)) {
            throw GatewayException.of(
                    ErrorCode.FORBIDDEN,
                    "Pages of this origin may not connect; sluice.streams.websocket.allowed-origins can allow it.");
        }
    }

    private static boolean sameHost(String origin, @Nullable String host) {
        int authority = origin.indexOf("://");
        return authority > 0 && origin.substring(authority + 3).equalsIgnoreCase(host);
    }

    private static Optional<String> keyAmongProtocols(HttpServerRequest http) {
        List<String> lines = http.headers().getAll("Sec-WebSocket-Protocol");
        Optional<String> named = List.of(String.join(",", lines).split(",", -1)).stream()
                .map(String::strip)
                .filter(name -> name.startsWith(KEY_PROTOCOL))
                .findFirst();
        return named.map(name -> decode(name.substring(KEY_PROTOCOL.length())));
    }

    private static String decode(String key) {
        try {
            return new String(Base64.getUrlDecoder().decode(key), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw GatewayException.invalid(
                    "Sec-WebSocket-Protocol", "After " + KEY_PROTOCOL + " the key must follow in base64url.");
        }
    }
}
