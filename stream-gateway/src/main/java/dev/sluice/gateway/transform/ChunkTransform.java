package dev.sluice.gateway.transform;

import dev.sluice.stream.Chunk;

/**
 * One stage between the provider and the log of one stream: passes on, changes, holds back or swallows what it is given. What
 * it passes on keeps the order that {@link Chunk} promises. For one thread.
 */
public interface ChunkTransform {

    /** Takes the next chunk. Whatever is held goes on before {@link Chunk.Finished} does. */
    void accept(Chunk chunk);

    /**
     * Says that the answer broke off: nothing comes any more, and no {@link Chunk.Finished} came. What is held goes on as far
     * as it may. Does nothing where nothing is held.
     */
    void breakOff();
}
