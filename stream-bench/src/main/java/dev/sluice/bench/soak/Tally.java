package dev.sluice.bench.soak;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/** What the visitors of a run did and met. For any number of threads. */
final class Tally {

    private static final int KEPT_FAULTS = 20;

    private final Map<String, LongAdder> visits = new ConcurrentHashMap<>();
    private final LongAdder faults = new LongAdder();
    private final List<String> kept = new CopyOnWriteArrayList<>();

    /** A visit of this kind went as it should. */
    void visited(String kind) {
        visits.computeIfAbsent(kind, _ -> new LongAdder()).increment();
    }

    /** Something happened that must never happen. */
    void fault(String kind, Throwable what) {
        faults.increment();
        if (kept.size() < KEPT_FAULTS) {
            kept.add(kind + ": " + what);
        }
    }

    long visits() {
        return visits.values().stream().mapToLong(LongAdder::sum).sum();
    }

    long faults() {
        return faults.sum();
    }

    /** Returns the first faults. */
    List<String> firstFaults() {
        return kept;
    }

    /** Returns the visits by kind. */
    Map<String, Long> byKind() {
        Map<String, Long> sums = new TreeMap<>();
        visits.forEach((kind, sum) -> sums.put(kind, sum.sum()));
        return sums;
    }
}
