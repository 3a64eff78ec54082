package dev.sluice.gateway.resilience;

import dev.sluice.gateway.generation.Milestone.ChangedBy;
import dev.sluice.gateway.resilience.BreakerState.Closed;
import dev.sluice.gateway.resilience.BreakerState.HalfOpen;
import dev.sluice.gateway.resilience.BreakerState.Open;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;

/**
 * Leaves a struggling target alone until it recovers. Opens by its {@link OpeningRule}; after a pause lets one probe through,
 * which decides. Each pause is drawn anew, so that probes do not keep step with what they look at, or with those of other
 * gateways. Thread-safe, never waits, and tells the time by what it is given.
 *
 * <p>Legal are: closed to open, open to half-open, half-open to closed or open, and anything to closed by hand.
 */
final class Breaker {

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

        void onChange(BreakerState from, BreakerState to, ChangedBy by);
    }

    /** By what part of the longest one a pause may be shorter. */
    static final double JITTER = 0.3;

    private final OpeningRule rule;
    private final long pauseNanos;
    private final DoubleSupplier random;
    private final ChangeListener listener;
    private final AtomicLong tickets = new AtomicLong();
    private final AtomicLong openings = new AtomicLong();
    private final AtomicReference<BreakerState> state;

    /**
     * Makes a closed one.
     *
     * @param random yields 0 to 1, exclusive; asked from any thread
     */
    Breaker(BreakerPolicy policy, DoubleSupplier random, ChangeListener listener) {
        this.rule = policy.rule();
        this.pauseNanos = policy.pause().toNanos();
        this.random = random;
        this.listener = listener;
        this.state = new AtomicReference<>(rule.fresh());
    }

    /** Returns what it is in now. */
    BreakerState state() {
        return state.get();
    }

    /** Returns how often it went from closed to open. */
    long openings() {
        return openings.get();
    }

    /** Returns for how long calls are refused from now on, zero where one may pass. Changes nothing. */
    Duration blockedFor(long nowNanos) {
        return Duration.ofNanos(Math.max(0, blockedNanos(state.get(), nowNanos)));
    }

    /**
     * Asks whether a call may pass.
     *
     * @param lease if the call is a probe: so long it may take until its first chunk or its end; then it counts as lost, and
     *     another may pass
     */
    Entry enter(long nowNanos, Duration lease) {
        long ticket = tickets.incrementAndGet();
        while (true) {
            BreakerState seen = state.get();
            long blocked = blockedNanos(seen, nowNanos);
            if (blocked > 0) {
                return new Entry.Blocked(Duration.ofNanos(blocked));
            }
            if (seen instanceof Closed
                    || move(seen, new HalfOpen(ticket, nowNanos + lease.toNanos()), ChangedBy.CALLS)) {
                return new Entry.Passed(ticket);
            }
        }
    }

    /** A call has brought the first of its answer. A probe has done its work with that; for other calls only the end counts. */
    void firstChunk(long ticket) {
        BreakerState seen = state.get();
        if (seen instanceof HalfOpen halfOpen && halfOpen.probe() == ticket) {
            move(seen, rule.fresh(), ChangedBy.CALLS);
        }
    }

    /** A call has ended. */
    void settle(long ticket, Outcome outcome, long nowNanos) {
        while (true) {
            BreakerState seen = state.get();
            BreakerState next = switch (seen) {
                case Closed closed -> afterCall(closed, outcome, nowNanos);
                case HalfOpen halfOpen when halfOpen.probe() == ticket -> afterProbe(outcome, nowNanos);
                // A call from before the breaker opened, or a probe whose lease ran out: too late to say anything.
                case HalfOpen _, Open _ -> seen;
            };
            if (next.equals(seen) || move(seen, next, ChangedBy.CALLS)) {
                return;
            }
        }
    }

    /**
     * Closes it by hand and forgets all failures.
     *
     * @return whether it was not closed
     */
    boolean reset() {
        while (true) {
            BreakerState seen = state.get();
            if (move(seen, rule.fresh(), ChangedBy.PERSON)) {
                return !(seen instanceof Closed);
            }
        }
    }

    /** A probe has a longer lease than it is likely to need, so nobody is told to wait for the end of it. */
    private long blockedNanos(BreakerState seen, long nowNanos) {
        return switch (seen) {
            case Closed _ -> 0;
            case Open open -> open.untilNanos() - nowNanos;
            case HalfOpen halfOpen -> Math.min(pauseNanos, halfOpen.leaseUntilNanos() - nowNanos);
        };
    }

    private BreakerState afterCall(Closed closed, Outcome outcome, long nowNanos) {
        if (outcome == Outcome.NEUTRAL) {
            return closed;
        }
        Closed known = rule.remember(closed, outcome == Outcome.FAILURE);
        return outcome == Outcome.FAILURE && rule.opens(known) ? pausing(nowNanos) : known;
    }

    private BreakerState afterProbe(Outcome outcome, long nowNanos) {
        return switch (outcome) {
            case SUCCESS -> rule.fresh();
            case FAILURE -> pausing(nowNanos);
            // The next caller may probe at once.
            case NEUTRAL -> new Open(nowNanos);
        };
    }

    private Open pausing(long nowNanos) {
        return new Open(nowNanos + (long) (pauseNanos * (1 - JITTER * random.getAsDouble())));
    }

    private boolean move(BreakerState from, BreakerState to, ChangedBy by) {
        if (!state.compareAndSet(from, to)) {
            return false;
        }
        if (from.getClass() != to.getClass()) {
            if (from instanceof Closed) {
                openings.incrementAndGet();
            }
            listener.onChange(from, to, by);
        }
        return true;
    }
}
