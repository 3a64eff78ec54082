package dev.sluice.bench;

import dev.sluice.bench.child.Gateway;
import dev.sluice.bench.child.Provider;
import dev.sluice.bench.child.Run;
import dev.sluice.bench.load.Figures;
import dev.sluice.bench.load.Load;
import dev.sluice.bench.load.Plan;
import dev.sluice.bench.net.Http;
import dev.sluice.bench.upstream.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Shows a gateway some seconds of every kind of load and has its JVM keep what it learnt: classes in the form it needs them, and
 * which code is hot and how it branches (JEP 514 and 515). A gateway that starts with that file is fast from its first streams on.
 */
final class Training {

    private static final Duration LOAD = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CONNECTIONS = 50;

    private Training() {}

    /**
     * Writes the file, or throws and writes none.
     *
     * @param arguments the file
     * @param command starts a gateway on the JVM that the file is for, with the options that it will have
     * @return the exit code: 0
     */
    static int run(List<String> arguments, List<String> command) throws IOException, InterruptedException {
        if (arguments.size() != 1) {
            throw new IllegalArgumentException("train takes one file, the cache to write.");
        }
        Path cache = Path.of(arguments.getFirst());
        try (Run run = Run.begin()) {
            Provider provider = new Provider(run);
            Gateway gateway = new Gateway(
                    run,
                    learning(command, cache),
                    Http.freePort(),
                    Map.of(
                            "SLUICE_PROVIDERS_BENCH_BASE_URL",
                            "http://127.0.0.1:" + provider.port() + "/v1",
                            "SLUICE_TELEMETRY_ENABLED",
                            "false"));
            gateway.awaitReady();
            show(new Route("gateway", gateway.port(), "bench/", null));
            gateway.close();
        }
        if (!Files.exists(cache)) {
            throw new IOException("The gateway's JVM wrote no cache; it needs to be a HotSpot JDK 25 or newer.");
        }
        return 0;
    }

    private static List<String> learning(List<String> command, Path cache) {
        List<String> learning = new ArrayList<>(command);
        learning.add(1, "-XX:AOTCacheOutput=" + cache);
        return learning;
    }

    private static void show(Route route) throws IOException {
        for (Script script : List.of(Script.of(200, 0), Script.of(1, 0), Script.of(50, 20))) {
            load(route, route.chat(script), script.chunks(), 0);
        }
        for (String format : List.of("text/event-stream", "application/x-ndjson")) {
            Script script = Script.of(50, 5);
            byte[] request = Http.request(
                    "POST", route.port(), "/v1/streams", route.body(script, "\"stream\":true"), "Accept: " + format);
            load(route, request, script.chunks(), script.chunks());
        }
    }

    /** The whole text at the end of a stream in Sluice's own format repeats the marks. */
    private static void load(Route route, byte[] request, int chunks, int repeated) throws IOException {
        Plan plan =
                Plan.lasting(route.port(), request, CONNECTIONS, chunks, LOAD).ignoring(repeated);
        Figures figures = Load.run(plan, PATIENCE, List.of());
        if (!figures.sound()) {
            throw new IOException("Some streams broke in training.");
        }
    }
}
