package dev.sluice.gateway.admission;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** How full the heap is, by what the collector left of it. */
final class HeapLevel implements Supplier<HeapLevel.Reading> {

    private final List<MemoryPoolMXBean> pools;
    private final List<GarbageCollectorMXBean> collectors;

    /**
     * One look.
     *
     * @param collections how many there were; while that stays the same, so does {@code used}
     * @param used after the last of them, as a part of the largest heap, 0 to 1
     */
    record Reading(long collections, double used) {}

    private HeapLevel(List<MemoryPoolMXBean> pools, List<GarbageCollectorMXBean> collectors) {
        this.pools = pools;
        this.collectors = collectors;
    }

    /** Returns empty where the runtime does not tell. */
    static Optional<Supplier<Reading>> ofThisProcess() {
        try {
            List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
                    .toList();
            return pools.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new HeapLevel(pools, ManagementFactory.getGarbageCollectorMXBeans()));
        } catch (UnsupportedOperationException | LinkageError _) {
            return Optional.empty();
        }
    }

    @Override
    public Reading get() {
        long collections = 0;
        for (GarbageCollectorMXBean collector : collectors) {
            collections += collector.getCollectionCount();
        }
        long used = 0;
        for (MemoryPoolMXBean pool : pools) {
            used += pool.getCollectionUsage().getUsed();
        }
        return new Reading(collections, (double) used / Runtime.getRuntime().maxMemory());
    }
}
