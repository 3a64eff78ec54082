package dev.sluice.bench;

import dev.sluice.bench.child.Provider;
import dev.sluice.bench.figures.Percentiles;
import dev.sluice.bench.net.Mark;
import dev.sluice.bench.upstream.Script;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.Map;

/** How long it takes until a reader that hangs up amid a stream has ended the work of the provider. */
final class Departures {

    private static final Script SCRIPT = Script.of(1_000, 5);
    private static final int MARKS_BEFORE = 3;
    private static final int PATIENCE_MS = 5_000;

    private Departures() {}

    /**
     * Lets readers hang up, one after the other.
     *
     * @throws IOException if the provider did not notice all of them within a second
     */
    static Percentiles measure(Route route, Provider provider, int readers) throws IOException, InterruptedException {
        Map<Long, Long> left = new HashMap<>();
        for (long tag = 0; tag < readers; tag++) {
            left.put(tag, leave(route, SCRIPT.tagged(tag)));
        }
        Map<Long, Long> noticed = new HashMap<>(provider.departures());
        for (int tries = 100; tries > 0 && noticed.size() < readers; tries--) {
            Thread.sleep(10);
            noticed.putAll(provider.departures());
        }
        if (noticed.size() < readers) {
            throw new IOException((readers - noticed.size()) + " upstream streams outlived their reader by a second.");
        }
        Percentiles delays = new Percentiles();
        noticed.forEach((tag, nanos) -> delays.record(nanos - left.getOrDefault(tag, nanos)));
        return delays;
    }

    /** Reads some chunks and hangs up; returns when. */
    private static long leave(Route route, Script script) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), route.port())) {
            socket.setSoTimeout(PATIENCE_MS);
            socket.getOutputStream().write(route.chat(script));
            int[] marks = {0};
            Mark.Finder finder = new Mark.Finder();
            byte[] buffer = new byte[16 * 1024];
            while (marks[0] < MARKS_BEFORE) {
                int read = socket.getInputStream().read(buffer);
                if (read < 0) {
                    throw new IOException("A stream ended before its reader hung up.");
                }
                finder.look(buffer, 0, read, _ -> marks[0]++);
            }
            return System.nanoTime();
        }
    }
}
