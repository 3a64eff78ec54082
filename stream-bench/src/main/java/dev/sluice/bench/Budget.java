package dev.sluice.bench;

import java.util.Locale;

/**
 * What the gateway may cost at most, or must give at least.
 *
 * @param what the figure's name
 * @param unit of all three figures
 * @param floor what is promised
 * @param aim what is wanted
 * @param less whether less is better
 */
record Budget(String what, String unit, double floor, double aim, boolean less) {

    static final Budget CPU_PER_CHUNK = new Budget("CPU per chunk", "× nginx", 4, 2, true);
    static final Budget CHUNKS = new Budget("chunks", "k/s", 150, 400, false);
    static final Budget STREAMS = new Budget("streams", "k/s", 8, 20, false);
    static final Budget MEMORY = new Budget("memory per open stream", "KiB", 60, 25, true);
    static final Budget FIRST_CHUNK = new Budget("added to the first chunk, p99", "ms", 2, 0.8, true);
    static final Budget DEPARTURE = new Budget("client gone to upstream closed, p99", "ms", 100, 20, true);

    /** Returns one line that holds the figure against floor and aim. */
    String judge(double figure) {
        return Double.isNaN(figure)
                ? what + ": - (not told by this system, or nothing to compare with)"
                : String.format(
                        Locale.ROOT,
                        "%s: %s %s (floor %s %s: %s; aim %s: %s)",
                        what,
                        number(figure),
                        unit,
                        less ? "≤" : "≥",
                        number(floor),
                        meets(figure, floor) ? "ok" : "BELOW FLOOR",
                        number(aim),
                        meets(figure, aim) ? "ok" : "not yet");
    }

    private boolean meets(double figure, double bound) {
        return less ? figure <= bound : figure >= bound;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 10 || value == Math.rint(value) ? "%.0f" : "%.2f", value);
    }
}
