package dev.sluice.gateway.resilience;

import dev.sluice.gateway.resilience.BreakerState.Closed;
import dev.sluice.gateway.resilience.BreakerState.HalfOpen;
import dev.sluice.gateway.resilience.BreakerState.Open;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Leaves a struggling target alone until it recovers. Opens after a number of failures in a row; after a pause lets one probe
 * through, which decides. Thread-safe, never waits, and tells the time by what it is given.
 */
public final class Breaker {

    /** How a call that was let through ended. */
    enum Outcome {
        SUCCESS,
        FAILURE,
        /** Says nothing about the target: the caller went away, or was at fault. */
        NEUTRAL
    }

    /** Whether a call may pass. */
    sealed interface Entry {

        /**
         * It may, and its outcome must be settled.
         *
         * @param ticket identifies the call
         */
        record Passed(long ticket) implements Entry {}

        /**
         * It may not.
         *
         * @param untilProbe until a probe may pass
         */
        record Blocked(Duration untilProbe) implements Entry {}
    }

    /** Is told of every change, on the thread that caused it. */
    interface ChangeListener {

        void onChange(BreakerState from, BreakerState to);
    }

    private final int threshold;
    private final long pauseNanos;
    private final ChangeListener listener;
    private final AtomicLong tickets = new AtomicLong();
    private final AtomicReference<BreakerState> state = new AtomicReference<>(new Closed(0));

    /**
     * @param threshold failures in a row that open it
     * @param pause how long it stays open, and how long a probe may take before another is let through
     */
    Breaker(int threshold, Duration pause, ChangeListener listener) {
        this.threshold = threshold;
        this.pauseNanos = pause.toNanos();
        this.listener = listener;
    }

    /** Returns what it is in now. */
    public BreakerState state() {
        return state.get();
    }

    Entry enter(long nowNanos) {
        long ticket = tickets.incrementAndGet();
        while (true) {
            BreakerState seen = state.get();
            long blocked = blockedNanos(seen, nowNanos);
            if (blocked > 0) {
                return new Entry.Blocked(Duration.ofNanos(blocked));
            }
            if (seen instanceof Closed || move(seen, new HalfOpen(ticket, nowNanos + pauseNanos))) {
                return new Entry.Passed(ticket);
            }
        }
    }

    /** Returns for how long calls are refused from now on, zero where one may pass. Changes nothing. */
    Duration blockedFor(long nowNanos) {
        return Duration.ofNanos(Math.max(0, blockedNanos(state.get(), nowNanos)));
    }

    private static long blockedNanos(BreakerState seen, long nowNanos) {
        return switch (seen) {
            case Closed _ -> 0;
            case Open open -> open.untilNanos() - nowNanos;
            case HalfOpen halfOpen -> halfOpen.leaseUntilNanos() - nowNanos;
        };
    }

    void settle(long ticket, Outcome outcome, long nowNanos) {
        while (true) {
            BreakerState seen = state.get();
            BreakerState next = switch (seen) {
                case Closed closed -> afterCall(closed, outcome, nowNanos);
                case HalfOpen halfOpen when halfOpen.probe() == ticket -> afterProbe(outcome, nowNanos);
                // A call from before the breaker opened, or a probe whose lease ran out: too late to say anything.
                case HalfOpen _, Open _ -> seen;
            };
            if (next.equals(seen) || move(seen, next)) {
                return;
            }
        }
    }

    private BreakerState afterCall(Closed closed, Outcome outcome, long nowNanos) {
        return switch (outcome) {
            case SUCCESS -> new Closed(0);
            case FAILURE ->
                closed.failures() + 1 < threshold ? new Closed(closed.failures() + 1) : new Open(nowNanos + pauseNanos);
            case NEUTRAL -> closed;
        };
    }

    private BreakerState afterProbe(Outcome outcome, long nowNanos) {
        return switch (outcome) {
            case SUCCESS -> new Closed(0);
            case FAILURE -> new Open(nowNanos + pauseNanos);
            // The next caller may probe at once.
            case NEUTRAL -> new Open(nowNanos);
        };
    }

    private boolean move(BreakerState from, BreakerState to) {
        if (!state.compareAndSet(from, to)) {
            return false;
        }
        if (from.getClass() != to.getClass()) {
            listener.onChange(from, to);
        }
        return true;
    }
}
