package dev.sluice.gateway.admission;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** The right to run one stream. Giving it back twice counts once. */
public final class Permit implements AutoCloseable {

    private final AtomicInteger inUse;
    private final AtomicBoolean closed = new AtomicBoolean();

    Permit(AtomicInteger inUse) {
        this.inUse = inUse;
    }

    /** Gives the permit back. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            inUse.decrementAndGet();
        }
    }
}
