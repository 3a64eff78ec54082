package dev.sluice.gateway.transport.http;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Singleton;

/**
 * Keeps what the kernel holds of each connection small. A slow reader is noticed by the socket's having no room; Linux would
 * let megabytes wait in front of it and tell of room only when a third of them is gone, minutes later for a reader that is slow
 * but reads.
 */
@Singleton
final class SendBuffer implements HttpServerOptionsCustomizer {

    private static final int BYTES = 128 * 1_024;

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        options.setSendBufferSize(BYTES);
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        options.setSendBufferSize(BYTES);
    }
}
