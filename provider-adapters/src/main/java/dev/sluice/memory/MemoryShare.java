package dev.sluice.memory;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A part of the memory that many hold out of together. Nothing is allocated here: who takes says beforehand how much it will
 * hold, and gives it back when it does no more. Thread-safe.
 */
public final class MemoryShare {

    private final long max;
    private final AtomicLong taken = new AtomicLong();

    /**
     * @param max bytes, 0 or more
     */
    public MemoryShare(long max) {
        this.max = max;
    }

    /**
     * Returns a share of the largest heap of this process.
     *
     * @param parts into how many the heap is divided; this is one of them
     */
    public static MemoryShare ofHeap(int parts) {
        return new MemoryShare(Runtime.getRuntime().maxMemory() / parts);
    }

    /** Takes so many bytes, all of which have to be given back; false where so many are not left, and then takes none. */
    public boolean take(long bytes) {
        return taken.getAndUpdate(now -> bytes > max - now ? now : now + bytes) <= max - bytes;
    }

    /** Gives back what was taken. */
    public void giveBack(long bytes) {
        taken.addAndGet(-bytes);
    }

    /** Returns how many bytes are taken now. */
    public long taken() {
        return taken.get();
    }

    /** Returns how many bytes can still be taken. */
    public long left() {
        return max - taken.get();
    }
}
