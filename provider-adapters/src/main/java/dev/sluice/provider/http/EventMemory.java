package dev.sluice.provider.http;

import dev.sluice.provider.ProviderException;
import dev.sluice.provider.ProviderFailure;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the unfinished events of all streams may take of the memory together. The few KiB that every stream may keep for itself
 * do not count, so that usual events cost nothing here. Thread-safe.
 */
public final class EventMemory {

    /** So much of the largest heap: the logs of the streams, and what is being read and written, need theirs. */
    private static final int PART = 8;

    private final long max;
    private final AtomicLong taken = new AtomicLong();

    /**
     * @param max bytes, 0 or more
     */
    public EventMemory(long max) {
        this.max = max;
    }

    /** Returns an eighth of the largest heap. */
    static EventMemory ofThisProcess() {
        return new EventMemory(Runtime.getRuntime().maxMemory() / PART);
    }

    /** Returns how many bytes are taken now. */
    public long taken() {
        return taken.get();
    }

    /**
     * Takes so many bytes; all of them have to be given back.
     *
     * @throws ProviderException {@code ShortOfMemory} if so many are not left; then none is taken
     */
    void take(long bytes) {
        if (taken.getAndUpdate(now -> bytes > max - now ? now : now + bytes) > max - bytes) {
            throw new ProviderException(new ProviderFailure.ShortOfMemory(
                    "The provider sent a very large piece, and the gateway holds too many of those already."));
        }
    }

    void giveBack(long bytes) {
        taken.addAndGet(-bytes);
    }
}
