package dev.sluice.provider.http;

import dev.sluice.stream.Chunk;
import io.smallrye.mutiny.Multi;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.InstantSource;

/**
 * Sends requests whose answers are streams of chunks, over HTTP/1.1 with keep-alive.
 *
 * <p>Each stream runs on the Vert.x context that subscribes, with a connection of the same event loop, so that nothing hops
 * between threads; a subscriber without a context is given one. All chunks of one read are emitted before the read's handler
 * returns. A subscriber that stops requesting stops the reading from the socket; unbounded demand means that nothing is queued.
 * Cancelling, from any thread, closes the connection. After a whole answer the connection is kept for the next.
 *
 * <p>Every failure is a {@link dev.sluice.provider.ProviderException}.
 */
@ApplicationScoped
public class HttpStreams {

    private final Vertx vertx;
    private final LoopClients clients;
    private final InstantSource clock;

    /** Uses the event loops of this Vert.x. */
    @Inject
    public HttpStreams(Vertx vertx) {
        this(vertx, InstantSource.system());
    }

    HttpStreams(Vertx vertx, InstantSource clock) {
        this.vertx = vertx;
        this.clients = new LoopClients(vertx);
        this.clock = clock;
    }

    /** Returns the chunks of the answer; each subscription is one call, and nothing is sent before. */
    public Multi<Chunk> post(HttpCall call) {
        return new UpstreamAnswer(vertx, clients, clock, call);
    }
}
