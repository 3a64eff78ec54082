package dev.sluice.collector.ingest;

import dev.sluice.collector.api.ErrorCode;
import dev.sluice.collector.api.PlainError;
import dev.sluice.collector.settings.CollectorSettings;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Answers a body that announces itself as too large without keeping any of it. The HTTP layer would close the connection
 * instead, and the caller would see a broken pipe rather than a reason.
 */
@Singleton
final class OversizedBodies {

    /** What is read and thrown away so that the caller gets to the answer; above it the connection is closed at once. */
    private static final long MAX_DISCARDED_BYTES = 64L << 20;

    private final long maxBytes;

    OversizedBodies(CollectorSettings settings) {
        this.maxBytes = settings.limits().maxBody().asLongValue();
    }

    void install(@Observes Router router) {
        // Before the HTTP layer's own limit.
        router.post("/api/telemetry").order(Integer.MIN_VALUE).handler(this::check);
    }

    private void check(RoutingContext context) {
        var length = length(context.request().getHeader(HttpHeaders.CONTENT_LENGTH));
        if (length <= maxBytes) {
            context.next();
        } else if (length <= MAX_DISCARDED_BYTES) {
            context.request().endHandler(_ -> refuse(context)).resume();
        } else {
            context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            refuse(context);
        }
    }

    private void refuse(RoutingContext context) {
        PlainError.send(
                context.response(), ErrorCode.PAYLOAD_TOO_LARGE, "The body must not exceed " + maxBytes + " bytes");
    }

    private static long length(@Nullable String header) {
        try {
            return header == null ? 0 : Long.parseLong(header);
        } catch (NumberFormatException malformed) {
            return 0;
        }
    }
}
