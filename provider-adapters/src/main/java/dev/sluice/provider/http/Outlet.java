package dev.sluice.provider.http;

import dev.sluice.stream.Chunk;
import io.smallrye.mutiny.helpers.Subscriptions;
import io.smallrye.mutiny.subscription.MultiSubscriber;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The subscriber's side of a stream: hands out what was requested, in order, and keeps the rest of one read.
 *
 * <p>Belongs to the stream's context, except for {@link #add} and {@link #close}.
 */
final class Outlet implements Consumer<Chunk> {

    private final MultiSubscriber<? super Chunk> subscriber;
    private final AtomicLong demand = new AtomicLong();
    private final Queue<Chunk> kept = new ArrayDeque<>(0);
    private volatile boolean closed;
    private boolean draining;
    private boolean ending;
    private @Nullable Throwable failure;
    private boolean used;

    Outlet(MultiSubscriber<? super Chunk> subscriber) {
        this.subscriber = subscriber;
    }

    /** Adds demand; from any thread. */
    void add(long n) {
        Subscriptions.add(demand, n);
    }

    /** Lets nothing more out; from any thread. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    /** Whether anything of the answer itself ever came; that it begins is nothing of it yet. */
    boolean isUsed() {
        return used;
    }

    /** Whether everything was handed out. One read goes ahead of demand, or nobody would learn of the end without asking. */
    boolean hasRoom() {
        return !closed && kept.isEmpty();
    }

    @Override
    public void accept(Chunk chunk) {
        used |= !(chunk instanceof Chunk.Started);
        if (closed) {
            return;
        }
        if (kept.isEmpty() && take()) {
            subscriber.onItem(chunk);
        } else {
            kept.add(chunk);
        }
    }

    /** Ends the stream as soon as everything was handed out. */
    void complete() {
        ending = true;
        drain();
    }

    /** Fails the stream as soon as everything was handed out. */
    void fail(Throwable cause) {
        if (!ending) {
            failure = cause;
            ending = true;
        }
        drain();
    }

    /** Hands out what demand allows. */
    void drain() {
        if (draining) {
            return;
        }
        draining = true;
        while (!closed && !kept.isEmpty() && take()) {
            subscriber.onItem(kept.remove());
        }
        draining = false;
        if (closed) {
            kept.clear();
        } else if (ending && kept.isEmpty()) {
            terminate();
        }
    }

    private void terminate() {
        closed = true;
        if (failure == null) {
            subscriber.onCompletion();
        } else {
            subscriber.onFailure(failure);
        }
    }

    private boolean take() {
        long wanted = demand.get();
        if (wanted == 0) {
            return false;
        }
        if (wanted != Long.MAX_VALUE) {
            Subscriptions.produced(demand, 1);
        }
        return true;
    }
}
