package dev.sluice.provider.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * One HTTP client for each event loop.
 *
 * <p>A pool hands out the connection that was used last, whichever event loop it lives on; with a pool of its own, a loop gets
 * back only its own connections. Off the event loops there is one more client for all.
 */
final class LoopClients {

    /** Every stream owns its connection; this many may run on one event loop to one address. */
    private static final int CONNECTIONS = 20_000;

    private static final int KEEP_ALIVE_S = 30;

    /** The endpoint's own limit comes first; this one only ends attempts that were abandoned. */
    private static final int ABANDONED_CONNECT_MS = 60_000;

    private static final int MAX_HEADER_BYTES = 64 * 1024;
    private static final int MAX_HTTP_CHUNK_BYTES = 64 * 1024;

    private final Vertx vertx;
    private final Map<Thread, HttpClient> byLoop = new ConcurrentHashMap<>();
    private final Map<Vertx, HttpClient> offLoop = new ConcurrentHashMap<>();

    LoopClients(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Returns the client of the event loop that runs the caller. */
    HttpClient current() {
        return Context.isOnEventLoopThread()
                ? byLoop.computeIfAbsent(Thread.currentThread(), _ -> create())
                : offLoop.computeIfAbsent(vertx, _ -> create());
    }

    private HttpClient create() {
        HttpClientOptions options = new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setUseAlpn(false)
                .setHttp2ClearTextUpgrade(false)
                .setKeepAlive(true)
                .setKeepAliveTimeout(KEEP_ALIVE_S)
                .setPipelining(false)
                .setDecompressionSupported(false)
                .setConnectTimeout(ABANDONED_CONNECT_MS)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setMaxChunkSize(MAX_HTTP_CHUNK_BYTES);
        options.setSslHandshakeTimeout(ABANDONED_CONNECT_MS).setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        return vertx.httpClientBuilder()
                .with(options)
                .with(new PoolOptions().setHttp1MaxSize(CONNECTIONS))
                .build();
    }
}
