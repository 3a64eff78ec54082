package dev.sluice.gateway.api;

import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.generation.Milestone;
import dev.sluice.gateway.generation.Milestones;
import dev.sluice.memory.MemoryShare;
import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the bodies of requests before Quarkus reads them, so that one that is too large is answered with the error object.
 * Quarkus would answer an announced one with an empty 413, and one of unannounced length from a blocked thread. Nothing is kept
 * of a body whose sender is not known: a gateway with callers could otherwise be filled by whoever reaches its port. What
 * large bodies that are on their way take is bounded for all together.
 */
@Singleton
final class BodyLimit {

    private static final Logger LOG = Logger.getLogger(BodyLimit.class);

    /** Before Quarkus, but for its CORS filter at -300: a page must be able to read why it was refused. */
    private static final int BEFORE_QUARKUS = -299;

    /** What every body may take, however much the others do. */
    private static final long OWN_BYTES = 64 * 1_024;

    private static final Duration COME_BACK = Duration.ofSeconds(1);

    /** Below it are the POST requests that have no body. */
    private static final String CHATS = "/api/chat/";

    private final Callers callers;
    private final Milestones milestones;
    private final MemoryShare memory;
    private final long maxBytes;
    private final BodyHandler reader;

    BodyLimit(
            Callers callers,
            Milestones milestones,
            MemoryShare memory,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize max) {
        this.callers = callers;
        this.milestones = milestones;
        this.memory = memory;
        this.maxBytes = max.asLongValue();
        this.reader = BodyHandler.create(false).setBodyLimit(maxBytes);
    }

    void register(@Observes Router router) {
        router.route().order(BEFORE_QUARKUS).handler(this::check).failureHandler(this::failed);
        router.route().order(BEFORE_QUARKUS + 1).handler(BodyLimit::refuseEmptyBody);
    }

    private void check(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        String length = request.getHeader("Content-Length");
        if (length != null && (length.length() >= 19 || Long.parseLong(length) > maxBytes)) {
            refuseTooLarge(routing);
            return;
        }
        if (hasBody(request, length)) {
            try {
                callers.identify(request);
                takeMemory(request, length);
            } catch (GatewayException refused) {
                refuse(routing, refused.error());
                return;
            }
        }
        if (length == null && request.getHeader("Transfer-Encoding") != null) {
            reader.handle(routing);
        } else {
            // Over HTTP/2 Quarkus reads by itself: it takes no request there that was read before.
            routing.next();
        }
    }

    /** Until the whole body has come, or its connection has gone. One that does not say how long it is counts as the longest. */
    private void takeMemory(HttpServerRequest request, @Nullable String length) {
        long more = (length == null ? maxBytes : Long.parseLong(length)) - OWN_BYTES;
        if (more <= 0 || request.isEnded()) {
            return;
        }
        if (!memory.take(more)) {
            throw new GatewayException(
                    GatewayError.of(ErrorCode.OVERLOADED, "Too many large requests are on their way. Try again soon.")
                            .withRetryAfter(COME_BACK));
        }
        request.end().onComplete(_ -> memory.giveBack(more));
    }

    /**
     * What still comes of the body is thrown away, and the connection lives: a client that sends a wrong key with a long prompt
     * has to be able to read why it was refused.
     */
    private void refuse(RoutingContext routing, GatewayError error) {
        HttpServerRequest request = routing.request();
        milestones.reached(new Milestone.Rejected(routing.normalizedPath(), null, error));
        RestResponse<byte[]> refusal = ErrorResponses.of(error, ErrorForm.of(request.path()));
        HttpServerResponse response = routing.response().setStatusCode(refusal.getStatus());
        refusal.getHeaders()
                .forEach((name, values) ->
                        response.putHeader(name, values.getFirst().toString()));
        request.resume();
        response.end(Buffer.buffer(refusal.getEntity()));
    }

    /** Over HTTP/2 nothing but the method tells. */
    private static boolean hasBody(HttpServerRequest request, @Nullable String length) {
        return request.method().equals(HttpMethod.POST)
                || request.getHeader("Transfer-Encoding") != null
                || (length != null && !length.equals("0"));
    }

    /** A body that was read here and is empty, Quarkus would wait for once more. */
    private static void refuseEmptyBody(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        boolean readHere = request.getHeader("Content-Length") == null && request.isEnded();
        if (readHere
                && request.method().equals(HttpMethod.POST)
                && !routing.normalizedPath().startsWith(CHATS)
                && routing.body().length() <= 0) {
            answer(routing, GatewayError.invalid(null, "The request has no body."));
        } else {
            routing.next();
        }
    }

    /** What no resource answered. A refusal closes the connection, which fails the request once more: nobody's business. */
    private void failed(RoutingContext routing) {
        if (routing.response().ended() || routing.response().closed()) {
            return;
        }
        int status = routing.statusCode();
        if (status == ErrorCode.PAYLOAD_TOO_LARGE.status()) {
            refuseTooLarge(routing);
        } else if (status >= 400 && status < 500) {
            answer(routing, GatewayError.invalid(null, "The request cannot be understood."));
        } else if (brokeOff(routing.request())) {
            answer(routing, GatewayError.invalid(null, "The body cannot be read."));
        } else {
            LOG.error("A request failed before it reached a resource", routing.failure());
            answer(routing, GatewayError.of(ErrorCode.INTERNAL, "The gateway failed."));
        }
    }

    /** A body that is read here fails before its end only where its sender breaks it. */
    private static boolean brokeOff(HttpServerRequest request) {
        return request.getHeader("Transfer-Encoding") != null && !request.isEnded();
    }

    private void refuseTooLarge(RoutingContext routing) {
        answer(
                routing,
                GatewayError.of(
                        ErrorCode.PAYLOAD_TOO_LARGE,
                        "The body is larger than " + maxBytes + " bytes, which is the limit."));
    }

    /** What was not read of the body is still to come: an HTTP/1.1 connection ends, of an HTTP/2 one only the stream. */
    private static void answer(RoutingContext routing, GatewayError error) {
        boolean shared = routing.request().version().equals(HttpVersion.HTTP_2);
        ErrorForm form = ErrorForm.of(routing.request().path());
        String requestId = ErrorResponses.requestId();
        HttpServerResponse response = routing.response()
                .setStatusCode(form.status(error))
                .putHeader("Content-Type", form.mediaType())
                .putHeader(form.requestIdHeader(), requestId);
        if (!shared) {
            response.putHeader("Connection", "close");
        }
        response.end(Buffer.buffer(form.body(error, requestId))).onComplete(_ -> {
            if (!shared) {
                routing.request().connection().close();
            } else if (!routing.request().isEnded()) {
                response.reset(0);
            }
        });
    }
}
