package dev.sluice.gateway.transport;

import dev.sluice.gateway.time.Timers;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

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
     * Returns a watch for one reader's socket. It does not run yet.
     *
     * @param end run on the socket's Vert.x context each time that the time is over
     */
    public Watch watch(Runnable end) {
        return new Watch(end);
    }

    /** Watches one socket. For the socket's Vert.x context. */
    public final class Watch {

        private final Runnable end;
        private Timers.@Nullable Alarm alarm;
        private boolean counted;

        private Watch(Runnable end) {
            this.end = end;
        }

        /** Notes that something waits for the socket. Until {@link #stop} the time runs, from the first of these calls. */
        public void start() {
            if (alarm == null) {
                alarm = timers.after(limit, this::over);
            }
        }

        /** Notes that the socket takes something again, or that nothing waits for it any more. */
        public void stop() {
            Timers.Alarm running = alarm;
            if (running != null) {
                running.cancel();
                alarm = null;
            }
        }

        private void over() {
            alarm = null;
            if (!counted) {
                counted = true;
                ended.increment();
            }
            end.run();
        }
    }
}
