package dev.sluice.gateway.admission;

import dev.sluice.gateway.admission.HeapLevel.Reading;
import dev.sluice.gateway.time.Timers;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Tells when the heap is so full that no new stream should start, so that running ones can end in good order. Looks once a
 * second; asking costs a field read.
 */
@Singleton
final class MemoryPressure {

    private static final Logger LOG = Logger.getLogger(MemoryPressure.class);
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** It is over only this far below where it began, or it would begin again at once. */
    private static final double MARGIN = 0.1;

    private final double above;
    private final Timers timers;
    private final Optional<Supplier<Reading>> heap;
    private volatile boolean shedding;
    private volatile double used;
    private long collectionsSeen = -1;
    private int streamsAtBeginning;

    @Inject
    MemoryPressure(AdmissionConfig config, Timers timers, MeterRegistry meters) {
        this(config.shedAbove(), HeapLevel.ofThisProcess(), timers, meters);
    }

    /**
     * @param above begins at this part of the heap; 1 switches it off
     * @param heap what to look at, empty where there is nothing
     */
    MemoryPressure(double above, Optional<Supplier<Reading>> heap, Timers timers, MeterRegistry meters) {
        this.above = above;
        this.timers = timers;
        this.heap = above < 1 ? heap : Optional.empty();
        meters.gauge("sluice.admission.shedding", this, self -> self.shedding ? 1 : 0);
        meters.gauge("sluice.admission.heap.used", this, self -> self.used);
        if (above < 1 && heap.isEmpty()) {
            LOG.info("This runtime does not tell how full its heap is, so sluice.admission.shed-above has no effect.");
        }
    }

    /** Looks from now on. */
    void watch(IntSupplier runningStreams) {
        heap.ifPresent(level -> look(level, runningStreams));
    }

    /** Whether new streams are to be refused. */
    boolean shedding() {
        return shedding;
    }

    private void look(Supplier<Reading> level, IntSupplier runningStreams) {
        decide(level.get(), runningStreams.getAsInt());
        timers.after(LOOK, () -> look(level, runningStreams));
    }

    /**
     * Without work nothing is collected, and the figure stays what it was. So it is also over when half of the streams have
     * ended, until a further collection tells otherwise.
     */
    private void decide(Reading reading, int streams) {
        boolean fresh = reading.collections() != collectionsSeen;
        collectionsSeen = reading.collections();
        used = reading.used();
        if (!shedding && fresh && used > above) {
            streamsAtBeginning = streams;
            shedding = true;
            LOG.warnf("New streams are refused: %.0f %% of the heap is in use after a collection.", used * 100);
        } else if (shedding && ((fresh && used < above - MARGIN) || streams <= streamsAtBeginning / 2)) {
            shedding = false;
            LOG.info("New streams are admitted again.");
        }
    }
}
