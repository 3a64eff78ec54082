package dev.sluice.gateway.transport;

import dev.sluice.memory.MemoryShare;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/**
 * What requests and messages that have not ended may take of the memory together: a quarter of the heap, so that clients who
 * begin large ones and never end them refuse others at most, and do not bring the gateway down.
 */
final class IncomingMemory {

    private static final int PARTS = 4;

    private IncomingMemory() {}

    @Produces
    @Singleton
    static MemoryShare share() {
        return MemoryShare.ofHeap(PARTS);
    }
}
