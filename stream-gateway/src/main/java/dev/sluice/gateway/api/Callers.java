package dev.sluice.gateway.api;

import dev.sluice.gateway.api.CallerConfig.Role;
import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayException;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/** Tells who calls. Keys are compared by their digests, so that the time it takes tells nothing about them. */
@Singleton
final class Callers {

    private static final Logger LOG = Logger.getLogger(Callers.class);
    private static final String BEARER = "bearer ";

    private final Map<String, Caller> byDigest = new HashMap<>();
    private final Set<Caller> admins = new HashSet<>();

    Callers(CallerConfig config) {
        config.byName().forEach((name, key) -> {
            Caller caller = new Caller(name);
            byDigest.put(digest(key.apiKey()), caller);
            if (key.role() == Role.ADMIN) {
                admins.add(caller);
            }
        });
        if (byDigest.isEmpty()) {
            // A misspelt setting in the environment is met by nobody else.
            LOG.info("Whoever reaches this gateway may use it, since there is no sluice.callers.<name>.api-key.");
        }
    }

    /** Whether a caller may see and end the streams of all. Where none is configured, nobody may. */
    boolean isAdmin(Caller caller) {
        return admins.contains(caller);
    }

    /** Returns everybody who is configured. */
    Set<Caller> configured() {
        return Set.copyOf(byDigest.values());
    }

    /**
     * Returns who sent a request.
     *
     * @throws GatewayException {@link ErrorCode#UNAUTHENTICATED} where callers are configured and this is none of them
     */
    Caller identify(HttpServerRequest request) {
        return identify(presentedKey(request));
    }

    /**
     * Returns whose key this is.
     *
     * @throws GatewayException {@link ErrorCode#UNAUTHENTICATED} where callers are configured and this is none of them
     */
    Caller identify(Optional<String> key) {
        Optional<String> digest = key.map(Callers::digest);
        if (byDigest.isEmpty()) {
            return digest.map(hex -> new Caller("key-" + hex.substring(0, 16))).orElse(Caller.ANONYMOUS);
        }
        return digest.map(byDigest::get)
                .orElseThrow(() -> GatewayException.of(
                        ErrorCode.UNAUTHENTICATED,
                        digest.isPresent()
                                ? "This key is not known."
                                : "A key is needed: send it as \"Authorization: Bearer\"."));
    }

    /** Returns the key in a request's headers. */
    static Optional<String> presentedKey(HttpServerRequest request) {
        String header = request.getHeader("Authorization");
        if (header != null
                && header.length() > BEARER.length()
                && header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.of(header.substring(BEARER.length()).strip());
        }
        return Optional.ofNullable(request.getHeader("x-api-key"));
    }

    private static String digest(String key) {
        return Digest.of(key.getBytes(StandardCharsets.UTF_8));
    }
}
