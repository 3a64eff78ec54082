package dev.sluice.gateway.transport;

import dev.sluice.gateway.time.Timers;
import jakarta.inject.Singleton;

/** Opens readers. Thread-safe. */
@Singleton
public final class FrameReaders {

    private final Broadcasts broadcasts = new Broadcasts();
    private final Timers timers;

    FrameReaders(Timers timers) {
        this.timers = timers;
    }

    /**
     * Opens a reader for the current Vert.x context.
     *
     * @param news run on this context when there is something to read
     */
    public FrameReader open(Reading reading, Runnable news) {
        boolean merge = reading.coalesce().isPositive();
        Runnable paced = merge ? new Pace(timers, reading.coalesce(), reading.log()::ended, news) : news;
        return new FrameReader(
                reading.log(),
                reading.from(),
                reading.dialect(),
                reading.holdHead(),
                merge,
                broadcasts,
                Wakeup.here(paced));
    }
}
