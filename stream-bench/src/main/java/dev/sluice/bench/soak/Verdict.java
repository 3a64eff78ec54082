package dev.sluice.bench.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What must hold at the end of a run. */
final class Verdict {

    private static final double MOST_GROWTH = 0.05;

    private final List<String> lines = new ArrayList<>();
    private boolean good = true;

    /**
     * Judges.
     *
     * @param fresh before the first request
     * @param steady after the first round
     * @param last after the last one
     */
    Verdict(Reading fresh, Reading steady, Reading last, Tally tally) {
        double growth = last.heapMebibytes() / steady.heapMebibytes() - 1;
        say(
                tally.faults() == 0,
                String.format(Locale.ROOT, "%,d faults in %,d visits", tally.faults(), tally.visits()));
        say(
                last.started() == last.ended(),
                String.format(Locale.ROOT, "%,.0f streams started, %,.0f ended", last.started(), last.ended()));
        say(
                growth <= MOST_GROWTH,
                String.format(
                        Locale.ROOT,
                        "heap at rest %.2f MiB after the first round, %.2f MiB at the end: %+.1f %% (at most +5 %%)",
                        steady.heapMebibytes(),
                        last.heapMebibytes(),
                        growth * 100));
        say(
                last.active() == 0 && last.kept() == 0 && last.logBytes() == 0,
                String.format(
                        Locale.ROOT,
                        "%.0f streams active, %.0f logs kept with %.0f bytes",
                        last.active(),
                        last.kept(),
                        last.logBytes()));
        // Where the system does not tell, neither is larger.
        say(
                !(last.clientSockets() > fresh.clientSockets()),
                String.format(
                        Locale.ROOT,
                        "sockets other than the provider's: %.0f before the first request, %.0f at the end",
                        fresh.clientSockets(),
                        last.clientSockets()));
    }

    private void say(boolean holds, String what) {
        good &= holds;
        lines.add((holds ? "  ok      " : "  FAILED  ") + what);
    }

    boolean good() {
        return good;
    }

    List<String> lines() {
        return lines;
    }
}
