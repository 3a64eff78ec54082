package dev.sluice.gateway.api;

import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayException;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;

/** What a client wants of the answer's form (RFC 9110, section 12.5.1, and RFC 7240). */
final class Accepts {

    private Accepts() {}

    /**
     * Refuses a client that takes no server-sent events. Quality values are not weighed: there is one format to choose.
     *
     * @throws GatewayException {@link ErrorCode#NOT_ACCEPTABLE}
     */
    static void requireEventStream(HttpServerRequest http) {
        String accept = http.getHeader("Accept");
        if (accept == null || accept.isBlank()) {
            return;
        }
        String types = accept.toLowerCase(Locale.ROOT);
        if (!types.contains("text/event-stream") && !types.contains("*/*") && !types.contains("text/*")) {
            throw GatewayException.of(
                    ErrorCode.NOT_ACCEPTABLE, "Streams are read as server-sent events: accept text/event-stream.");
        }
    }

    /** Whether the client asks for an answer at once, to read the stream later. */
    static boolean prefersAsync(HttpServerRequest http) {
        String prefer = http.getHeader("Prefer");
        return prefer != null && prefer.toLowerCase(Locale.ROOT).contains("respond-async");
    }
}
