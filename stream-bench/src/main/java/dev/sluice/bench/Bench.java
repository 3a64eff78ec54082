package dev.sluice.bench;

import dev.sluice.bench.child.Gateway;
import dev.sluice.bench.child.Nginx;
import dev.sluice.bench.child.Provider;
import dev.sluice.bench.child.Run;
import dev.sluice.bench.figures.Percentiles;
import dev.sluice.bench.figures.ProcessMeter;
import dev.sluice.bench.load.Figures;
import dev.sluice.bench.load.Load;
import dev.sluice.bench.load.Plan;
import dev.sluice.bench.net.Http;
import dev.sluice.bench.upstream.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code ./dev bench}: the gateway under several loads, with nothing and with nginx in its place beside it. */
final class Bench {

    private static final int BROKEN = 1;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CONNECT_RATE = 2_000;

    /** What a gateway has open besides its streams: jars, listeners, idle connections. */
    private static final int OTHER_FILES = 1_000;

    private static final int STREAMS_PER_HTTP2_CONNECTION = 100;

    private final BenchOptions options;
    private final Provider provider;
    private final Run run;
    private final List<String> command;
    private final Report report;

    private Bench(BenchOptions options, Provider provider, Run run, List<String> command) {
        this.options = options;
        this.provider = provider;
        this.run = run;
        this.command = command;
        this.report = new Report(System.out, !options.quick());
    }

    /**
     * Measures and prints.
     *
     * @param command starts a gateway
     * @return the exit code: 0 when every stream was whole
     */
    static int run(BenchOptions options, List<String> command) throws IOException, InterruptedException {
        try (Run run = Run.begin()) {
            Provider provider = new Provider(run);
            Bench bench = new Bench(options, provider, run, command);
            bench.measure(Nginx.start(run, provider.port()));
            if (!bench.report.sound()) {
                bench.report.say("\nSome streams broke.");
            }
            return bench.report.sound() ? 0 : BROKEN;
        }
    }

    private void measure(@Nullable Nginx nginx) throws IOException, InterruptedException {
        List<Route> controls = new ArrayList<>();
        controls.add(new Route("direct", provider.port(), "", null));
        if (nginx != null) {
            controls.add(new Route("nginx", nginx.port(), "", nginx.handle()));
        }
        try (Gateway gateway = start()) {
            Route measured = route(gateway);
            Broadcast broadcast = new Broadcast(measured, report, options.quick());
            introduce(controls.size() + 1, nginx != null);
            warmUp(controls.getFirst(), measured);
            List<Route> all = new ArrayList<>(controls);
            all.add(measured);
            for (Case chosen : options.cases()) {
                switch (chosen) {
                    case PACED -> paced(all);
                    case BURST -> burst(all);
                    case SHORT -> brief(all);
                    case WIDE -> wide(all);
                    case FIRST -> firstChunk(all);
                    case GONE -> departures(all);
                    case BROADCAST -> broadcast.run();
                }
            }
        }
        if (options.wide() > 0) {
            veryWide(controls);
        }
    }

    private Gateway start() throws IOException, InterruptedException {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("SLUICE_PROVIDERS_BENCH_BASE_URL", "http://127.0.0.1:" + provider.port() + "/v1");
        settings.put(
                "SLUICE_TELEMETRY_ENABLED",
                Boolean.toString(!options.collector().isEmpty()));
        if (!options.collector().isEmpty()) {
            settings.put("SLUICE_TELEMETRY_COLLECTOR_URL", options.collector());
        }
        Gateway gateway = new Gateway(run, command, Http.freePort(), settings);
        gateway.awaitReady();
        return gateway;
    }

    private static Route route(Gateway gateway) {
        return new Route("gateway", gateway.port(), "bench/", gateway.handle());
    }

    private void introduce(int routes, boolean nginx) {
        if (options.quick()) {
            report.say("A quick look at a cold gateway: whether streams break, not what they cost.");
        }
        int cases = options.cases().stream()
                .mapToInt(chosen -> chosen.seconds(routes, options.quick()))
                .sum();
        int veryWide = options.wide() > 0 ? warmSeconds() + 5 + routes * 16 : 0;
        int seconds = 5 + warmSeconds() + cases + veryWide;
        report.say(String.format(
                Locale.ROOT,
                "%d cores, %s %s, Java %s. Telemetry %s.%s%nThis takes about %d s. CPU/chunk and peak RSS are those of the"
                        + " process in the way; times are milliseconds, median / 99th percentile.",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                System.getProperty("java.version"),
                options.collector().isEmpty() ? "off" : "on",
                nginx ? "" : " nginx is not installed, so its rows are skipped.",
                seconds));
    }

    private int warmSeconds() {
        return options.quick() ? 2 : 30;
    }

    /**
     * Cold, one would measure the compilers: ours, the provider's and the gateway's. A gateway that met bursts only is compiled
     * anew for single chunks, so it meets every kind of load.
     */
    private void warmUp(Route direct, Route gateway) throws IOException {
        for (Script script : List.of(Script.of(200, 0), Script.of(1, 0), Script.of(50, 20))) {
            warmUp(direct, script, warmSeconds() * 1_000 / 15);
            warmUp(gateway, script, warmSeconds() * 4_000 / 15);
        }
    }

    private void warmUp(Route route, Script script, int millis) throws IOException {
        Plan plan = Plan.lasting(route.port(), route.chat(script), 50, script.chunks(), Duration.ofMillis(millis));
        report.check(Load.run(plan, PATIENCE, List.of()));
    }

    private void paced(List<Route> routes) throws IOException {
        Script script = Script.of(options.quick() ? 20 : 50, 20);
        report.title("paced: 100 streams of " + script.chunks() + " chunks, 20 ms apart");
        Map<String, Double> cpu = new LinkedHashMap<>();
        report.columns();
        for (Route route : routes) {
            List<ProcessMeter> meters = route.meters();
            Figures figures = lasting(route, script, 100, options.quick() ? 1_000 : 10_000, meters);
            report.row(route.name(), figures, meters);
            meters.forEach(meter -> cpu.put(route.name(), meter.cpuMicros() / figures.chunks()));
        }
        report.verdict(Budget.CPU_PER_CHUNK.judge(
                cpu.getOrDefault("gateway", Double.NaN) / cpu.getOrDefault("nginx", Double.NaN)));
    }

    private void burst(List<Route> routes) throws IOException {
        report.title("burst: 20 streams of 200 chunks, as fast as they go");
        double[] rates = asFastAsTheyGo(routes, Script.of(200, 0), Figures::chunksPerSecond);
        report.verdict(Budget.CHUNKS.judge(rates[1] / 1_000) + ofDirect(rates));
    }

    private void brief(List<Route> routes) throws IOException {
        report.title("short: 20 connections, streams of 1 chunk");
        double[] rates = asFastAsTheyGo(routes, Script.of(1, 0), Figures::streamsPerSecond);
        report.verdict(Budget.STREAMS.judge(rates[1] / 1_000) + ofDirect(rates));
    }

    /** Returns the rate of the first route, which is the control, and of the last one, which is the gateway. */
    private double[] asFastAsTheyGo(
            List<Route> routes, Script script, java.util.function.ToDoubleFunction<Figures> rate) throws IOException {
        double[] rates = new double[routes.size()];
        report.columns();
        for (int i = 0; i < rates.length; i++) {
            Route route = routes.get(i);
            List<ProcessMeter> meters = route.meters();
            Figures figures = lasting(route, script, 20, options.quick() ? 500 : 8_000, meters);
            report.row(route.name(), figures, meters);
            rates[i] = rate.applyAsDouble(figures);
        }
        return new double[] {rates[0], rates[rates.length - 1]};
    }

    private static String ofDirect(double[] rates) {
        return String.format(Locale.ROOT, "; %.2f × direct", rates[1] / rates[0]);
    }

    private static Figures lasting(Route route, Script script, int connections, int millis, List<ProcessMeter> meters)
            throws IOException {
        Duration duration = Duration.ofMillis(millis);
        return Load.run(
                Plan.lasting(route.port(), route.chat(script), connections, script.chunks(), duration),
                PATIENCE,
                meters);
    }

    private void wide(List<Route> routes) throws IOException {
        report.title("wide: 1 000 streams of 20 chunks, 500 ms apart");
        report.columns();
        for (Route route : routes) {
            List<ProcessMeter> meters = route.meters();
            Script script = Script.of(20, 500);
            Plan plan = Plan.once(route.port(), route.chat(script), 1_000, script.chunks(), CONNECT_RATE);
            report.row(route.name(), Load.run(plan, PATIENCE, meters), meters);
        }
    }

    private void firstChunk(List<Route> routes) throws IOException {
        report.title("first chunk: one stream at a time, 10 ms apart");
        List<Percentiles> times = new ArrayList<>();
        report.columns();
        for (Route route : routes) {
            List<ProcessMeter> meters = route.meters();
            Duration duration = Duration.ofMillis(options.quick() ? 500 : 8_000);
            Plan plan = Plan.lasting(route.port(), route.chat(Script.of(1, 0)), 1, 1, duration)
                    .pausing(Duration.ofMillis(10));
            Figures figures = Load.run(plan, PATIENCE, meters);
            report.row(route.name(), figures, meters);
            times.add(figures.firstChunk());
        }
        double added = times.getLast().millis(99) - times.getFirst().millis(99);
        report.verdict(Budget.FIRST_CHUNK.judge(added));
    }

    private void departures(List<Route> routes) throws IOException, InterruptedException {
        int readers = options.quick() ? 20 : 200;
        report.title("client gone → upstream closed: " + readers + " readers hang up, one after the other");
        double gone = Double.NaN;
        for (Route route : routes) {
            Percentiles delays = Departures.measure(route, provider, readers);
            report.say(String.format(Locale.ROOT, "  %-9s %s ms", route.name(), delays.show()));
            gone = delays.millis(99);
        }
        report.verdict(Budget.DEPARTURE.judge(gone));
    }

    /** On a gateway of its own, since what earlier cases left in the heap would hide what a stream costs. */
    private void veryWide(List<Route> controls) throws IOException, InterruptedException {
        int streams = options.wide();
        Script script = Script.of(10, 1_000);
        report.title(String.format(Locale.ROOT, "very wide: %,d streams of 10 chunks, 1 s apart", streams));
        report.columns();
        for (Route route : controls) {
            List<ProcessMeter> meters = route.meters();
            int needed = (route.process() == null ? streams : 2 * streams) + OTHER_FILES;
            double limit = meters.isEmpty()
                    ? new ProcessMeter(ProcessHandle.current()).maxFiles()
                    : meters.getFirst().maxFiles();
            if (needed > limit) {
                report.say(String.format(
                        Locale.ROOT,
                        "  %-9s skipped: it needs %,d open files and may have %,.0f",
                        route.name(),
                        needed,
                        limit));
                continue;
            }
            Plan plan = Plan.once(route.port(), route.chat(script), streams, script.chunks(), CONNECT_RATE);
            report.row(route.name(), Load.run(plan, PATIENCE, meters), meters);
        }
        try (Gateway gateway = start()) {
            Route route = route(gateway);
            warmUp(controls.getFirst(), route);
            List<ProcessMeter> meters = route.meters();
            double limit = meters.getFirst().maxFiles();
            int overHttp1 = 2 * streams + OTHER_FILES;
            int overHttp2 = streams + streams / STREAMS_PER_HTTP2_CONNECTION + OTHER_FILES;
            if (overHttp2 > limit) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "WIDE=%d needs %,d open files in the gateway, even over HTTP/2, and this system allows %,.0f"
                                + " (ulimit -Hn).",
                        streams,
                        overHttp2,
                        limit));
            }
            boolean http2 = overHttp1 > limit;
            if (http2) {
                report.say(String.format(
                        Locale.ROOT,
                        "  gateway   over HTTP/2, since over HTTP/1.1 it needs %,d open files and may have %,.0f",
                        overHttp1,
                        limit));
            }
            Plan plan = Plan.once(route.port(), route.chat(script), streams, script.chunks(), CONNECT_RATE);
            Figures figures = http2 ? Load.runHttp2(plan, PATIENCE, meters) : Load.run(plan, PATIENCE, meters);
            report.row(http2 ? "over h2" : route.name(), figures, meters);
            double mebibytes = figures.sound() ? meters.getFirst().grownMebibytes() : Double.NaN;
            report.verdict(Budget.MEMORY.judge(mebibytes * 1_024 / streams));
        }
    }
}
