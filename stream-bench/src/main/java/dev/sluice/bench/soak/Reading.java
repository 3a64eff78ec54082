package dev.sluice.bench.soak;

import dev.sluice.bench.child.Gateway;
import dev.sluice.bench.child.Provider;
import dev.sluice.bench.figures.ProcessMeter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What a gateway at rest holds: nobody reads, every stream has ended and is forgotten, and the garbage is collected.
 *
 * @param heapMebibytes used after a full collection
 * @param clientSockets sockets that are not connections to the provider; not a number where the system does not tell
 * @param upstreamSockets connections to the provider, which are kept for the next stream
 * @param threads of the process; not a number where the system does not tell
 * @param active streams that run
 * @param kept streams whose log is still there
 * @param logBytes what the logs hold
 * @param started streams since the gateway's start
 * @param ended those of them that have ended
 */
record Reading(
        double heapMebibytes,
        double clientSockets,
        double upstreamSockets,
        double threads,
        double active,
        double kept,
        double logBytes,
        double started,
        double ended) {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_AGAIN_MS = 200;
    private static final double MEBIBYTE = 1 << 20;

    static final String COLUMNS = String.format(
            Locale.ROOT,
            "%9s %10s %8s %9s %8s %7s %6s %6s",
            "streams",
            "heap MiB",
            "clients",
            "upstream",
            "threads",
            "active",
            "kept",
            "bytes");

    /** Waits until the gateway is at rest, a minute at most, collects its garbage and reads. */
    static Reading atRest(Gateway gateway, Provider provider) throws IOException, InterruptedException {
        long last = System.nanoTime() + PATIENCE.toNanos();
        while (!idle(gateway) && System.nanoTime() < last) {
            Thread.sleep(LOOK_AGAIN_MS);
        }
        // The second collection takes what the first one only found out to be garbage.
        collectGarbage(gateway);
        collectGarbage(gateway);
        ProcessMeter process = new ProcessMeter(gateway.handle());
        double heap = gateway.metric("jvm_memory_used_bytes", "area=\"heap\"") / MEBIBYTE;
        Thread.sleep(LOOK_AGAIN_MS); // So that our own connection is gone.
        double upstream = provider.connections();
        return new Reading(
                heap,
                process.sockets() - upstream,
                upstream,
                process.threads(),
                gateway.metric("sluice_streams_active", ""),
                gateway.metric("sluice_log_streams", ""),
                gateway.metric("sluice_log_bytes", ""),
                gateway.metric("sluice_streams_started_total", ""),
                gateway.metric("sluice_streams_ended_seconds_count", ""));
    }

    private static boolean idle(Gateway gateway) throws IOException {
        return gateway.metric("sluice_streams_active", "") == 0 && gateway.metric("sluice_log_streams", "") == 0;
    }

    /** Returns once the garbage is collected. */
    private static void collectGarbage(Gateway gateway) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(gateway.handle().pid()),
                        "GC.run")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!jcmd.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || jcmd.exitValue() != 0) {
            throw new IOException("jcmd cannot collect the gateway's garbage; a JDK has it beside java.");
        }
    }

    String row() {
        return String.format(
                Locale.ROOT,
                "%,9.0f %10.2f %8.0f %9.0f %8.0f %7.0f %6.0f %6.0f",
                started,
                heapMebibytes,
                clientSockets,
                upstreamSockets,
                threads,
                active,
                kept,
                logBytes);
    }
}
