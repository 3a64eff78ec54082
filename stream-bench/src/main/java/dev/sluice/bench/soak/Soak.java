package dev.sluice.bench.soak;

import dev.sluice.bench.child.Gateway;
import dev.sluice.bench.child.Provider;
import dev.sluice.bench.child.Run;
import dev.sluice.bench.net.Http;
import dev.sluice.bench.upstream.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * {@code ./dev soak}: mixed load in rounds. After each round the gateway comes to rest, and what it then holds is read. Taken at
 * rest, two readings can be compared to the byte, whatever the load was doing.
 */
public final class Soak {

    private static final int FAILED = 1;
    private static final int VISITORS = 40;
    private static final Set<Integer> NOT_OFFERED = Set.of(404, 405, 406, 415);
    private static final Duration RETENTION = Duration.ofSeconds(5);

    private final SoakOptions options;
    private final Provider provider;
    private final Gateway gateway;
    private final Tally tally = new Tally(fault -> say("Fault: " + fault));

    private Soak(SoakOptions options, Provider provider, Gateway gateway) {
        this.options = options;
        this.provider = provider;
        this.gateway = gateway;
    }

    /**
     * Loads, reads, judges.
     *
     * @param arguments the command line
     * @param command starts a gateway
     * @return the exit code: 0 when everything held
     */
    public static int run(List<String> arguments, List<String> command) throws IOException, InterruptedException {
        SoakOptions options = SoakOptions.parse(arguments);
        try (Run run = Run.begin()) {
            Provider provider = new Provider(run);
            Gateway gateway = new Gateway(run, command, Http.freePort(), settings(provider));
            gateway.awaitReady();
            return new Soak(options, provider, gateway).soak() ? 0 : FAILED;
        }
    }

    /** Short times, so that a run of minutes meets every one of them often. */
    private static Map<String, String> settings(Provider provider) {
        Map<String, String> settings = new HashMap<>();
        for (String name : List.of(Visitor.STEADY, Visitor.FLAKY, Visitor.FAILING)) {
            settings.put(
                    "SLUICE_PROVIDERS_" + name.toUpperCase(Locale.ROOT) + "_BASE_URL",
                    "http://127.0.0.1:" + provider.port() + "/v1");
        }
        settings.put("SLUICE_TELEMETRY_ENABLED", "false");
        settings.put("SLUICE_STREAMS_LOG_KEEP_ENDED", RETENTION.toSeconds() + "s");
        settings.put("SLUICE_STREAMS_GRACE", "5s");
        // A socket that leaves two pings unanswered is closed; a visitor on a busy machine may need a while.
        settings.put("SLUICE_STREAMS_HEARTBEAT", "2s");
        settings.put("SLUICE_RESILIENCE_BACKOFF_BASE", "20ms");
        // A provider that fails once does not open its breaker, one that always fails does.
        settings.put("SLUICE_RESILIENCE_BREAKER_FAILURES", "20");
        settings.put("SLUICE_RESILIENCE_BREAKER_PAUSE", "1s");
        settings.put("SLUICE_RESILIENCE_TIMEOUTS_IDLE", "5s");
        return settings;
    }

    private boolean soak() throws IOException, InterruptedException {
        List<Format> formats = offeredFormats();
        List<Way> ways = offeredWays();
        boolean sockets = WebSocket.isOffered(gateway.port());
        say(String.format(
                Locale.ROOT,
                "Seed %d. %d rounds of %d s with %d visitors; about %d min in all. Formats: %s. Ways: %s%s.",
                options.seed(),
                options.rounds(),
                options.round().toSeconds(),
                VISITORS,
                (options.rounds() * (options.round().toSeconds() + 12)) / 60 + 1,
                formats,
                ways,
                sockets ? " and WebSocket" : ""));
        say(String.format(Locale.ROOT, "%n%-14s %8s %7s %s", "", "visits", "faults", Reading.COLUMNS));
        Reading fresh = read("fresh");
        List<Reading> readings = new ArrayList<>();
        for (int round = 1; round <= options.rounds() && gateway.alive(); round++) {
            load(round, formats, ways, sockets);
            readings.add(read("after round " + round));
        }
        Verdict verdict = new Verdict(fresh, readings.getFirst(), readings.getLast(), tally);
        say("\nVisits: " + new LinkedHashMap<>(tally.byKind()));
        say("");
        verdict.lines().forEach(Soak::say);
        return verdict.good();
    }

    private Reading read(String name) throws IOException, InterruptedException {
        Reading reading = Reading.atRest(gateway, provider);
        say(String.format(Locale.ROOT, "%-14s %,8d %7d %s", name, tally.visits(), tally.faults(), reading.row()));
        return reading;
    }

    private void load(int round, List<Format> formats, List<Way> ways, boolean sockets) throws InterruptedException {
        long end = System.nanoTime() + options.round().toNanos();
        List<Thread> visitors = new ArrayList<>();
        for (int i = 0; i < VISITORS; i++) {
            SplittableRandom random = new SplittableRandom(options.seed() * 1_000_003 + round * 1_009L + i);
            Visitor visitor = new Visitor(gateway.port(), formats, ways, sockets, random, tally);
            visitors.add(Thread.startVirtualThread(() -> visitUntil(end, visitor)));
        }
        for (Thread visitor : visitors) {
            visitor.join();
        }
    }

    private static void visitUntil(long end, Visitor visitor) {
        try {
            while (System.nanoTime() < end) {
                visitor.visit();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Format> offeredFormats() throws IOException {
        List<Format> offered = new ArrayList<>();
        for (Format format : Format.values()) {
            String model = Visitor.STEADY + "/" + Script.of(1, 0).seeded(1).model();
            if (isOffered(format.request(gateway.port(), model))) {
                offered.add(format);
            }
        }
        return offered;
    }

    private List<Way> offeredWays() throws IOException {
        List<Way> offered = new ArrayList<>();
        for (Way way : Way.values()) {
            String body = "{\"model\":\"" + Visitor.STEADY
                    + "/c1\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
            if (isOffered(Http.request(
                    "POST", gateway.port(), "/v1/streams", body, way.headers().toArray(String[]::new)))) {
                offered.add(way);
            }
        }
        return offered;
    }

    private boolean isOffered(byte[] request) throws IOException {
        return !NOT_OFFERED.contains(Http.ask(gateway.port(), request).status());
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
