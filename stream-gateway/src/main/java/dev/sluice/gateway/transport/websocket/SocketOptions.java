package dev.sluice.gateway.transport.websocket;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Singleton;

/** Makes the HTTP server speak WebSocket as we want it. */
@Singleton
final class SocketOptions implements HttpServerOptionsCustomizer {

    private final SocketConfig config;

    SocketOptions(SocketConfig config) {
        this.config = config;
    }

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        customize(options);
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        customize(options);
    }

    private void customize(HttpServerOptions options) {
        // Only lets marks of compression through: MessageDeflate does the rest.
        options.addWebSocketSubProtocol(StreamSockets.SUBPROTOCOL)
                .setPerMessageWebSocketCompressionSupported(config.compression())
                .setPerFrameWebSocketCompressionSupported(false);
    }
}
