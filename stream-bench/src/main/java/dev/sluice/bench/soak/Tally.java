package dev.sluice.bench.soak;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** What the visitors of a run did and met. For any number of threads. */
final class Tally {

    private static final int TOLD_FAULTS = 20;

    private final Map<String, LongAdder> visits = new ConcurrentHashMap<>();
    private final LongAdder faults = new LongAdder();
    private final Consumer<String> faultsTo;

    /**
     * Counts from zero.
     *
     * @param faultsTo told of the first faults as they happen; from any thread
     */
    Tally(Consumer<String> faultsTo) {
        this.faultsTo = faultsTo;
    }

    /** A visit of this kind went as it should. */
    void visited(String kind) {
        visits.computeIfAbsent(kind, _ -> new LongAdder()).increment();
    }

    /** Something happened that must never happen. */
    void fault(String kind, Throwable what) {
        faults.increment();
        if (faults.sum() <= TOLD_FAULTS) {
            faultsTo.accept(kind + ": " + what);
        }
    }

    long visits() {
        return visits.values().stream().mapToLong(LongAdder::sum).sum();
    }

    long faults() {
        return faults.sum();
    }

    /** Returns the visits by kind. */
    Map<String, Long> byKind() {
        Map<String, Long> sums = new TreeMap<>();
        visits.forEach((kind, sum) -> sums.put(kind, sum.sum()));
        return sums;
    }
}
