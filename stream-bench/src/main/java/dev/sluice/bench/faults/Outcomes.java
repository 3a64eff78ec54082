package dev.sluice.bench.faults;

import dev.sluice.bench.figures.Percentiles;
import java.util.Locale;

/** What became of requests. Thread-safe. */
final class Outcomes {

    private final Percentiles undisturbed = new Percentiles();
    private final Percentiles recovered = new Percentiles();
    private int requests;
    private int broken;

    /** A request was answered in whole. */
    synchronized void whole(boolean failedFirst, long nanos) {
        requests++;
        (failedFirst ? recovered : undisturbed).record(nanos);
    }

    /** A request ended with an error that was told. */
    synchronized void refused() {
        requests++;
    }

    /** A request ended without an end, or with another text than it should have. */
    synchronized void broken() {
        requests++;
        broken++;
    }

    synchronized int brokenOnes() {
        return broken;
    }

    synchronized int requests() {
        return requests;
    }

    synchronized long completed() {
        return undisturbed.count() + recovered.count();
    }

    /** Returns how many were answered in whole although their first call failed. */
    synchronized long recoveredOnes() {
        return recovered.count();
    }

    /** Returns by how much those took longer, backoff and clocks included, than the median of the undisturbed. */
    synchronized String addedTime() {
        double usual = undisturbed.millis(50);
        return String.format(
                Locale.ROOT,
                "%.0f ms median, %.0f ms at the 99th percentile",
                recovered.millis(50) - usual,
                recovered.millis(99) - usual);
    }
}
