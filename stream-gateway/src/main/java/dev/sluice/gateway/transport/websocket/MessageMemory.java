package dev.sluice.gateway.transport.websocket;

import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the unfinished messages of all sockets may take of the memory together. The few KiB that every socket may keep for itself
 * do not count. Thread-safe.
 */
@Singleton
final class MessageMemory {

    /** So much of the largest heap; what holds a message may be twice as large as the message. */
    private static final int PART = 8;

    private final long max = Runtime.getRuntime().maxMemory() / PART;
    private final AtomicLong taken = new AtomicLong();

    /** Returns how many bytes can still be taken. */
    long left() {
        return max - taken.get();
    }

    /** Takes so many bytes, all of which have to be given back; false where so many are not left, and then takes none. */
    boolean take(long bytes) {
        return taken.getAndUpdate(now -> bytes > max - now ? now : now + bytes) <= max - bytes;
    }

    void giveBack(long bytes) {
        taken.addAndGet(-bytes);
    }
}
