package dev.sluice.bench.load;

import java.time.Duration;
import java.util.function.IntFunction;

/**
 * A load of streams.
 *
 * @param port on loopback
 * @param requests the request of each connection, by its number
 * @param connections how many read at the same time
 * @param chunks marks that a whole stream has
 * @param ignored marks that follow in a repetition of the text, for formats whose last event has one
 * @param duration for how long streams are started; zero means one stream for each connection
 * @param perSecond how many connections are opened in a second, 0 for all at once
 * @param pause between two streams of a connection
 */
public record Plan(
        int port,
        IntFunction<byte[]> requests,
        int connections,
        int chunks,
        int ignored,
        Duration duration,
        int perSecond,
        Duration pause) {

    /** Streams that follow one another on each connection. */
    public static Plan lasting(int port, byte[] request, int connections, int chunks, Duration duration) {
        return new Plan(port, _ -> request, connections, chunks, 0, duration, 0, Duration.ZERO);
    }

    /** One stream for each connection. */
    public static Plan once(int port, byte[] request, int connections, int chunks, int perSecond) {
        return new Plan(port, _ -> request, connections, chunks, 0, Duration.ZERO, perSecond, Duration.ZERO);
    }

    public Plan ignoring(int marks) {
        return new Plan(port, requests, connections, chunks, marks, duration, perSecond, pause);
    }

    public Plan pausing(Duration between) {
        return new Plan(port, requests, connections, chunks, ignored, duration, perSecond, between);
    }

    boolean onceEach() {
        return duration.isZero();
    }
}
