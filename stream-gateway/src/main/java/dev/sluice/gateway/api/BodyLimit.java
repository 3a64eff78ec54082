package dev.sluice.gateway.api;

import dev.sluice.gateway.dialect.ErrorBody;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Answers a body that is too large with the error object. Quarkus would end such a request with an empty 413; this route
 * comes first.
 */
@Singleton
final class BodyLimit {

    private static final int BEFORE_QUARKUS = -1_000;

    private final long maxBytes;

    BodyLimit(@ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize max) {
        this.maxBytes = max.asLongValue();
    }

    void register(@Observes Router router) {
        router.route().order(BEFORE_QUARKUS).handler(this::check);
    }

    private void check(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        String length = request.getHeader("Content-Length");
        if (length == null || (length.length() < 19 && Long.parseLong(length) <= maxBytes)) {
            routing.next();
            return;
        }
        GatewayError error = GatewayError.of(
                ErrorCode.PAYLOAD_TOO_LARGE, "The body is larger than " + maxBytes + " bytes, which is the limit.");
        request.response()
                .setStatusCode(error.status())
                .putHeader("Content-Type", "application/json")
                .putHeader("Connection", "close")
                .end(Buffer.buffer(ErrorBody.of(error)))
                .onComplete(_ -> request.connection().close());
    }
}
