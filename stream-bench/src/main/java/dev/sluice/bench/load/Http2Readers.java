package dev.sluice.bench.load;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Spreads readers over HTTP/2 connections, each as full as its server allows. */
final class Http2Readers {

    private final Deque<Integer> waiting = new ArrayDeque<>();
    private @Nullable Http2Connection newest;

    void open(Load load, int number) {
        load.began();
        waiting.add(number);
        spread(load);
    }

    /** Called again when a connection has learned how many streams it may carry. */
    private void spread(Load load) {
        while (!waiting.isEmpty()) {
            Http2Connection connection = newest;
            if (connection == null || connection.full()) {
                newest = new Http2Connection(load, () -> spread(load));
                return;
            }
            if (!connection.usable()) {
                return;
            }
            connection.start(waiting.remove());
        }
    }
}
