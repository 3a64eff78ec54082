package dev.sluice.gateway.transport;

import dev.sluice.gateway.time.Timers;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Passes news on no more often than once in a while, but the first and the last at once. For one Vert.x context. */
final class Pace implements Runnable {

    private final Timers timers;
    private final Duration window;
    private final BooleanSupplier last;
    private final Runnable reader;
    private long passedNanos;
    private Timers.@Nullable Alarm alarm;

    /**
     * @param window the shortest time between two
     * @param last whether nothing will follow
     */
    Pace(Timers timers, Duration window, BooleanSupplier last, Runnable reader) {
        this.timers = timers;
        this.window = window;
        this.last = last;
        this.reader = reader;
        this.passedNanos = timers.nanoTime() - window.toNanos();
    }

    @Override
    public void run() {
        Duration left = window.minusNanos(timers.nanoTime() - passedNanos);
        Timers.Alarm set = alarm;
        if (!left.isPositive() || last.getAsBoolean()) {
            if (set != null) {
                set.cancel();
            }
            pass();
        } else if (set == null) {
            alarm = timers.after(left, this::pass);
        }
    }

    private void pass() {
        alarm = null;
        passedNanos = timers.nanoTime();
        reader.run();
    }
}
