package dev.sluice.gateway.log.memory;

import dev.sluice.gateway.generation.StreamEvent;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a log: a few events in a row, and the way to the next piece. Written by the log's writer only; readers see what
 * the log published before.
 */
final class Segment {

    final long firstOffset;
    /** What the log held before this segment, evicted or not. */
    final long bytesBefore;

    long bytes;
    private int capacity;
    private @Nullable StreamEvent @Nullable [] events;
    private volatile @Nullable Segment next;

    Segment(long firstOffset, long bytesBefore, int capacity) {
        this.firstOffset = firstOffset;
        this.bytesBefore = bytesBefore;
        this.capacity = capacity;
        this.events = new StreamEvent[capacity];
    }

    /** Returns the first offset that no longer fits. */
    long endOffset() {
        return firstOffset + capacity;
    }

    /** Takes no more events: the next one, at this offset, begins another segment. */
    void seal(long nextOffset) {
        capacity = (int) (nextOffset - firstOffset);
    }

    void put(long offset, StreamEvent event, long size) {
        @Nullable StreamEvent[] all = events;
        if (all == null) {
            throw new IllegalStateException("written after its eviction");
        }
        all[(int) (offset - firstOffset)] = event;
        bytes += size;
    }

    /** Returns a published event, null when the segment was evicted meanwhile. */
    @Nullable
    StreamEvent get(long offset) {
        @Nullable StreamEvent[] all = events;
        return all == null ? null : all[(int) (offset - firstOffset)];
    }

    @Nullable
    Segment next() {
        return next;
    }

    void link(Segment following) {
        next = following;
    }

    /** Lets go of everything, so that a reader that stands still here holds no memory. */
    void evict() {
        events = null;
        next = null;
    }
}
