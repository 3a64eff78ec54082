package dev.sluice.gateway.transport;

import dev.sluice.gateway.time.Timers;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Ends readers whose sockets take nothing for too long. They can come back to where they were. Thread-safe. */
@Singleton
public final class ClientWriteClock {

    private final Timers timers;
    private final Duration limit;
    private final Counter ended;

    ClientWriteClock(Timers timers, TransportConfig config, MeterRegistry meters) {
        this.timers = timers;
        this.limit = config.clientWrite();
        this.ended = meters.counter("sluice.readers.too.slow");
    }

    /**
     * Starts the clock of a socket that has just become full. To be cancelled once it takes something again.
     *
     * @param end run on the current Vert.x context when the time is over
     */
    public Timers.Alarm start(Runnable end) {
        return timers.after(limit, () -> {
            ended.increment();
            end.run();
        });
    }
}
