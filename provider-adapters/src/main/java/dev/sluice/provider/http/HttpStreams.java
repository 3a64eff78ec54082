package dev.sluice.provider.http;

import dev.sluice.memory.MemoryShare;
import dev.sluice.stream.Chunk;
import io.smallrye.mutiny.Multi;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/**
 * Sends requests whose answers are streams of chunks, over HTTP/1.1 with keep-alive.
 *
 * <p>Each stream runs on the Vert.x context that subscribes, with a connection of the same event loop, so that nothing hops
 * between threads; a subscriber without a context is given one. All chunks of one read are emitted before the read's handler
 * returns. A subscriber that stops requesting stops the reading from the socket; unbounded demand means that nothing is queued.
 * Cancelling, from any thread, closes the connection. After a whole answer the connection is kept for the next. What has come of
 * events that are not whole yet is bounded for each stream, by its decoder, and for all streams together.
 *
 * <p>Every failure is a {@link dev.sluice.provider.ProviderException}.
 */
@ApplicationScoped
public class HttpStreams {

    /** Unfinished events may take one of so many parts of the heap: the logs, and what is being read and written, need theirs. */
    private static final int PARTS = 8;

    private final Vertx vertx;
    private final LoopClients clients;
    private final MemoryShare memory;

    /** Uses the event loops of this Vert.x, and a fair part of this process's memory. */
    @Inject
    public HttpStreams(Vertx vertx) {
        this(vertx, MemoryShare.ofHeap(PARTS));
    }

    /** The same, with a bound on the memory of unfinished events. */
    public HttpStreams(Vertx vertx, MemoryShare memory) {
        this.vertx = vertx;
        this.clients = new LoopClients(vertx);
        this.memory = memory;
    }

    /** Returns the chunks of the answer; each subscription is one call, and nothing is sent before. */
    public Multi<Chunk> post(HttpCall call) {
        return new UpstreamAnswer(vertx, clients, memory, call);
    }
}
