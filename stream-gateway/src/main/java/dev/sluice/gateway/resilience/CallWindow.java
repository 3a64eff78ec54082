package dev.sluice.gateway.resilience;

import java.util.Arrays;

/** How the last calls ended: a ring of bits that never changes. */
final class CallWindow {

    /** Remembers nothing. */
    static final CallWindow NONE = of(0);

    private final long[] failed;
    private final int capacity;
    private final int next;
    private final int size;
    private final int failures;

    private CallWindow(long[] failed, int capacity, int next, int size, int failures) {
        this.failed = failed;
        this.capacity = capacity;
        this.next = next;
        this.size = size;
        this.failures = failures;
    }

    /** Returns an empty window of so many calls. */
    static CallWindow of(int capacity) {
        return new CallWindow(new long[Math.ceilDiv(capacity, Long.SIZE)], capacity, 0, 0, 0);
    }

    /** Returns the window after one more call; a full one forgets its oldest. */
    CallWindow with(boolean callFailed) {
        long[] bits = failed.clone();
        long bit = 1L << next;
        int word = next / Long.SIZE;
        boolean full = size == capacity;
        int forgotten = full && (bits[word] & bit) != 0 ? 1 : 0;
        bits[word] = callFailed ? bits[word] | bit : bits[word] & ~bit;
        return new CallWindow(
                bits,
                capacity,
                (next + 1) % capacity,
                full ? size : size + 1,
                failures - forgotten + (callFailed ? 1 : 0));
    }

    /** Returns how many calls it holds. */
    int size() {
        return size;
    }

    /** Returns how many of them failed. */
    int failures() {
        return failures;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CallWindow window
                && capacity == window.capacity
                && next == window.next
                && size == window.size
                && Arrays.equals(failed, window.failed);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(failed) + next;
    }

    @Override
    public String toString() {
        return failures + " of " + size;
    }
}
