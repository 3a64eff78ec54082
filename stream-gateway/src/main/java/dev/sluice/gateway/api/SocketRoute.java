package dev.sluice.gateway.api;

import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.generation.Milestone;
import dev.sluice.gateway.transport.websocket.StreamSockets;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;

/** Opens WebSockets: many streams on one connection. What is refused is answered in HTTP, with the error object. */
@Singleton
final class SocketRoute {

    static final String PATH = "/v1/ws";

    private static final Logger LOG = Logger.getLogger(SocketRoute.class);

    private final SocketCredentials credentials;
    private final StreamAccess access;
    private final SocketServices services;
    private final StreamSockets sockets;

    SocketRoute(SocketCredentials credentials, StreamAccess access, SocketServices services, StreamSockets sockets) {
        this.credentials = credentials;
        this.access = access;
        this.services = services;
        this.sockets = sockets;
    }

    void register(@Observes Router router) {
        router.route(PATH).handler(this::open);
    }

    private void open(RoutingContext routing) {
        HttpServerRequest http = routing.request();
        try {
            requireUpgrade(http);
            Caller caller = credentials.identify(http);
            Set<Caller> owners = access.owners(caller, http);
            boolean binary = binary(http);
            sockets.open(http, binary, served -> new SocketMessages(served, services, caller, owners))
                    .onFailure(failure -> LOG.debug("A handshake came to nothing", failure));
        } catch (GatewayException refused) {
            services.milestones().reached(new Milestone.Rejected(PATH, null, refused.error()));
            refuse(http, refused.error());
        }
    }

    private static void requireUpgrade(HttpServerRequest http) {
        if (!http.method().equals(HttpMethod.GET)) {
            throw GatewayException.of(ErrorCode.METHOD_NOT_ALLOWED, "This path does not take this method.");
        }
        if (!http.version().equals(HttpVersion.HTTP_1_1)
                || !header(http, "Upgrade").equals("websocket")
                || !header(http, "Connection").contains("upgrade")
                || !header(http, "Sec-WebSocket-Version").equals("13")) {
            throw GatewayException.of(
                    ErrorCode.UPGRADE_REQUIRED, "This path speaks WebSocket, version 13, over HTTP/1.1 only.");
        }
        if (header(http, "Sec-WebSocket-Key").length() != 24) {
            throw GatewayException.invalid("Sec-WebSocket-Key", "Sec-WebSocket-Key must be 16 bytes in Base64.");
        }
    }

    private static String header(HttpServerRequest http, String name) {
        String value = http.getHeader(name);
        return value == null ? "" : value.strip().toLowerCase(Locale.ROOT);
    }

    private static boolean binary(HttpServerRequest http) {
        return switch (http.getParam("frames")) {
            case null -> false;
            case "text" -> false;
            case "binary" -> true;
            default -> throw GatewayException.invalid("frames", "frames must be text or binary.");
        };
    }

    private static void refuse(HttpServerRequest http, GatewayError error) {
        RestResponse<byte[]> refusal = ErrorResponses.of(error);
        HttpServerResponse response = http.response().setStatusCode(refusal.getStatus());
        refusal.getHeaders()
                .forEach((name, values) ->
                        response.putHeader(name, values.getFirst().toString()));
        if (error.code() == ErrorCode.METHOD_NOT_ALLOWED) {
            response.putHeader("Allow", "GET");
        }
        if (error.code() == ErrorCode.UPGRADE_REQUIRED) {
            response.putHeader("Sec-WebSocket-Version", "13");
        }
        Buffer body = Buffer.buffer(refusal.getEntity());
        if (http.version() == HttpVersion.HTTP_2) {
            response.end(body);
        } else {
            endConnection(http, error, body);
        }
    }

    /** A client that takes the socket for open may already send frames, which must not be read as requests. */
    private static void endConnection(HttpServerRequest http, GatewayError error, Buffer body) {
        HttpServerResponse response = http.response().putHeader("Connection", "close");
        if (error.code() == ErrorCode.UPGRADE_REQUIRED) {
            response.putHeader("Upgrade", "websocket").putHeader("Connection", "Upgrade, close");
        }
        response.end(body).onComplete(_ -> http.connection().close());
    }
}
