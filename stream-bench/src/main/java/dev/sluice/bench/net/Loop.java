package dev.sluice.bench.net;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The sockets and alarms of one thread. Nothing here may be called from another one. */
public final class Loop implements AutoCloseable {

    private static final long LONGEST_WAIT_MS = 20;

    private final Selector selector;
    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>(Comparator.comparingLong(Alarm::dueNanos));

    /** One socket. */
    public interface Peer {

        /** Called when the socket can do what its key waits for. */
        void ready() throws IOException;

        /** Called when that failed; the peer closes its socket. */
        void broken(IOException why);
    }

    /** Something to do at a time of {@link System#nanoTime}. */
    public static final class Alarm {

        private final long dueNanos;
        private @Nullable Runnable action;

        private Alarm(long dueNanos, Runnable action) {
            this.dueNanos = dueNanos;
            this.action = action;
        }

        long dueNanos() {
            return dueNanos;
        }

        /** Makes sure that nothing happens any more. */
        public void cancel() {
            action = null;
        }

        private void ring() {
            Runnable rung = action;
            if (rung != null) {
                action = null;
                rung.run();
            }
        }
    }

    public Loop() throws IOException {
        selector = Selector.open();
    }

    /** Watches a socket, which must not block. */
    public SelectionKey register(SelectableChannel channel, int operations, Peer peer) throws IOException {
        return channel.register(selector, operations, peer);
    }

    /** Does something once that time has come; at once if it is past. */
    public Alarm at(long nanos, Runnable action) {
        Alarm alarm = new Alarm(nanos, action);
        alarms.add(alarm);
        return alarm;
    }

    /** Works until the condition holds, which is looked at after each round of events and every 20 ms. */
    public void runUntil(BooleanSupplier done) throws IOException {
        while (!done.getAsBoolean()) {
            long waitMs = millisToNext();
            if (waitMs > 0) {
                selector.select(Loop::dispatch, waitMs);
            } else {
                selector.selectNow(Loop::dispatch);
            }
            ring();
        }
    }

    private long millisToNext() {
        Alarm next = alarms.peek();
        if (next == null) {
            return LONGEST_WAIT_MS;
        }
        long nanos = next.dueNanos() - System.nanoTime();
        return nanos <= 0 ? 0 : Math.min(LONGEST_WAIT_MS, TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
    }

    private void ring() {
        long now = System.nanoTime();
        for (Alarm next = alarms.peek(); next != null && next.dueNanos() <= now; next = alarms.peek()) {
            alarms.poll();
            next.ring();
        }
    }

    private static void dispatch(SelectionKey key) {
        Peer peer = (Peer) key.attachment();
        try {
            peer.ready();
        } catch (CancelledKeyException _) {
            peer.broken(new IOException("The connection was closed."));
        } catch (IOException e) {
            peer.broken(e);
        }
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
