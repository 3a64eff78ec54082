package dev.sluice.gateway.time;

import java.time.Duration;

/** Tells the time that passes, and calls back later. Thread-safe. */
public interface Timers {

    /** Returns nanoseconds since some fixed moment; only differences mean anything. */
    long nanoTime();

    /**
     * Runs an action once, on the Vert.x context of the caller.
     *
     * @param delay rounded up to a millisecond
     */
    Alarm after(Duration delay, Runnable action);

    /** One action that waits. */
    interface Alarm {

        /** Forgets the action; it will not start after this, if called on its own context. */
        void cancel();
    }
}
