package dev.sluice.bench;

import dev.sluice.bench.figures.ProcessMeter;
import dev.sluice.bench.load.Figures;
import dev.sluice.bench.load.Load;
import dev.sluice.bench.load.Plan;
import dev.sluice.bench.net.Http;
import dev.sluice.bench.upstream.Script;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Many readers of one stream: each must get every event, and soon, whatever the others do. */
final class Broadcast {

    private static final int CHUNKS = 200;
    private static final int QUICK_CHUNKS = 40;
    private static final int INTERVAL_MS = 20;
    private static final int PADDING = 400;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Route gateway;
    private final Report report;
    private final int readers;
    private final Script script;
    private int streams;

    Broadcast(Route gateway, Report report, boolean quick) {
        this.gateway = gateway;
        this.report = report;
        this.readers = quick ? 100 : 1_000;
        this.script = Script.of(quick ? QUICK_CHUNKS : CHUNKS, INTERVAL_MS)
                .padded(PADDING)
                .first(quick ? 500 : 2_000);
    }

    void run() throws IOException {
        report.title(String.format(
                Locale.ROOT,
                "broadcast: %,d readers of one stream of %d chunks, %d ms apart",
                readers,
                script.chunks(),
                INTERVAL_MS));
        report.columns();
        Round one = round("1 reader", 1, false);
        Round many = round("readers", readers, false);
        Round stuck = round("+1 stuck", readers, true);
        double added = many.figures().chunkDelay().millis(99)
                - one.figures().chunkDelay().millis(99);
        double cpu = (many.cpuMicros() - one.cpuMicros()) / ((double) (readers - 1) * script.chunks());
        report.verdict(String.format(
                Locale.ROOT,
                "each further reader: %.1f µs CPU an event; p99 delay +%.2f ms against a single reader",
                cpu,
                added));
        report.verdict(String.format(
                Locale.ROOT,
                "one that never reads: p99 delay %+.2f ms for the others",
                stuck.figures().chunkDelay().millis(99)
                        - many.figures().chunkDelay().millis(99)));
    }

    private record Round(Figures figures, double cpuMicros) {}

    private Round round(String name, int count, boolean oneStuck) throws IOException {
        String id = "broadcast-" + ProcessHandle.current().pid() + "-" + streams++;
        List<ProcessMeter> meters = gateway.meters();
        begin(id);
        byte[] read = Http.request("GET", gateway.port(), "/v1/streams/" + id, "", "Accept: text/event-stream");
        try (Socket stuck = new Socket()) {
            if (oneStuck) {
                stuck.setReceiveBufferSize(4 * 1024);
                stuck.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()));
                stuck.getOutputStream().write(read);
            }
            Plan plan =
                    Plan.once(gateway.port(), read, count, script.chunks(), 0).ignoring(script.chunks());
            Figures figures = Load.run(plan, PATIENCE, meters);
            report.row(name, figures, meters);
            return new Round(figures, meters.getFirst().cpuMicros());
        }
    }

    private void begin(String id) throws IOException {
        String fields = "\"stream_id\":\"" + id + "\",\"on_disconnect\":\"drain\"";
        Http.Whole answer = Http.ask(
                gateway.port(),
                Http.request(
                        "POST", gateway.port(), "/v1/streams", gateway.body(script, fields), "Prefer: respond-async"));
        if (answer.status() != 202) {
            throw new IOException("The gateway does not start a stream: HTTP " + answer.status() + " " + answer.body());
        }
    }
}
