package dev.sluice.gateway.time;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Time that passes only when a test says so. Alarms of one moment ring in the order in which they were set. Thread-safe. */
public final class VirtualTimers implements Timers {

    /** Close to the end of long, so that whoever compares moments without subtracting them is found out. */
    private static final long START = Long.MAX_VALUE - Duration.ofMinutes(5).toNanos();

    private final PriorityQueue<Waiting> waiting =
            new PriorityQueue<>(Comparator.<Waiting>comparingLong(alarm -> alarm.dueNanos - START)
                    .thenComparingLong(alarm -> alarm.number));

    private long nowNanos = START;
    private long alarmsSet;

    private static final class Waiting {

        private final long dueNanos;
        private final long number;
        private final Runnable action;

        Waiting(long dueNanos, long number, Runnable action) {
            this.dueNanos = dueNanos;
            this.number = number;
            this.action = action;
        }
    }

    @Override
    public synchronized long nanoTime() {
        return nowNanos;
    }

    @Override
    public synchronized Alarm after(Duration delay, Runnable action) {
        long millis = Math.max(1, Math.ceilDiv(delay.toNanos(), 1_000_000L));
        Waiting alarm = new Waiting(nowNanos + millis * 1_000_000L, alarmsSet++, action);
        waiting.add(alarm);
        return () -> forget(alarm);
    }

    /** Lets time pass, and rings every alarm on the way at its own moment, on this thread. */
    public void advance(Duration by) {
        long until = nanoTime() + by.toNanos();
        for (Waiting next = due(until); next != null; next = due(until)) {
            next.action.run();
        }
        passTo(until);
    }

    /** Returns how many alarms wait. */
    public synchronized int pending() {
        return waiting.size();
    }

    /** Returns how many alarms were ever set. */
    public synchronized long alarmsSet() {
        return alarmsSet;
    }

    private synchronized @Nullable Waiting due(long untilNanos) {
        Waiting next = waiting.peek();
        if (next == null || next.dueNanos - untilNanos > 0) {
            return null;
        }
        waiting.remove();
        nowNanos = next.dueNanos;
        return next;
    }

    private synchronized void passTo(long untilNanos) {
        nowNanos = untilNanos;
    }

    private synchronized void forget(Waiting alarm) {
        waiting.remove(alarm);
    }
}
