package dev.sluice.bench.child;

import dev.sluice.bench.net.Http;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The gateway, started for this run on a port of its own. */
public final class Gateway extends Child {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final int port;
    private final Path log;

    /** Starts it; {@link #awaitReady} waits for it. */
    public Gateway(Run run, List<String> command, int port, Map<String, String> settings) throws IOException {
        super(run, "gateway", command, environment(port, settings), false);
        this.log = run.folder().resolve("gateway.log");
        this.port = port;
    }

    private static Map<String, String> environment(int port, Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>(settings);
        // By itself it takes two sockets for each stream, and over HTTP/2 one is enough.
        environment.putIfAbsent("SLUICE_ADMISSION_MAX_STREAMS", "20000");
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        return environment;
    }

    public int port() {
        return port;
    }

    /** Returns once it answers that it is ready. */
    public void awaitReady() throws IOException, InterruptedException {
        long last = System.nanoTime() + PATIENCE.toNanos();
        while (!ready()) {
            if (!process().isAlive() || System.nanoTime() > last) {
                throw new IOException("The gateway does not become ready; it said:\n" + Files.readString(log));
            }
            Thread.sleep(50);
        }
    }

    private boolean ready() {
        try {
            return Http.get(port, "/q/health/ready").status() == 200;
        } catch (IOException _) {
            return false;
        }
    }

    public boolean alive() {
        return process().isAlive();
    }

    /** Returns the sum of a metric over all its tags that contain the text; not a number where there is none. */
    public double metric(String name, String tags) throws IOException {
        return Http.get(port, "/q/metrics")
                .body()
                .lines()
                .filter(line -> (line.startsWith(name + "{") || line.startsWith(name + " ")) && line.contains(tags))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .reduce(Double::sum)
                .orElse(Double.NaN);
    }
}
