package dev.sluice.bench;

import dev.sluice.bench.figures.ProcessMeter;
import dev.sluice.bench.load.Figures;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Prints the table, each row as soon as it is measured, and remembers whether every stream was whole. */
final class Report {

    private static final String ROW = "  %-9s %11s %10s %17s %17s %10s %10s %8s %7s %7s%n";

    private final PrintStream out;
    private final boolean judged;
    private boolean sound = true;

    /**
     * @param judged whether figures are held against the budget; those of a cold gateway should not be
     */
    Report(PrintStream out, boolean judged) {
        this.out = out;
        this.judged = judged;
    }

    void say(String text) {
        out.println(text);
        out.flush();
    }

    /** Begins a case. */
    void title(String text) {
        say("");
        say(text);
    }

    /** Names the columns of the rows that follow. */
    void columns() {
        out.printf(
                Locale.ROOT,
                ROW,
                "",
                "chunks/s",
                "streams/s",
                "1st chunk 50/99",
                "delay 50/99",
                "CPU/chunk",
                "CPU/stream",
                "peak RSS",
                "broken",
                "errors");
    }

    /** Prints what was measured on one route. */
    void row(String name, Figures figures, List<ProcessMeter> meters) {
        double cpu = meters.isEmpty() ? Double.NaN : meters.getFirst().cpuMicros();
        double rss = meters.isEmpty() ? Double.NaN : meters.getFirst().peakMebibytes();
        out.printf(
                Locale.ROOT,
                ROW,
                name,
                number("%,.0f", figures.chunksPerSecond(), ""),
                number("%,.1f", figures.streamsPerSecond(), ""),
                figures.firstChunk().show() + " ms",
                figures.chunkDelay().show() + " ms",
                number("%.1f", cpu / figures.chunks(), " µs"),
                number("%.0f", cpu / figures.streams(), " µs"),
                number("%.0f", rss, " MiB"),
                figures.broken(),
                figures.errors());
        out.flush();
        check(figures);
    }

    /** Says what broke, if anything did. */
    void check(Figures figures) {
        if (!figures.sound()) {
            sound = false;
            String fault = figures.firstFault();
            say("            " + (fault == null ? "not one stream came to its end" : fault));
        }
    }

    void verdict(String line) {
        if (judged) {
            say("    → " + line);
        }
    }

    /** Whether no stream broke and no request failed. */
    boolean sound() {
        return sound;
    }

    private static String number(String format, double value, String unit) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) + unit : "-";
    }
}
