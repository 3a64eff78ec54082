package dev.sluice.gateway.transport;

import dev.sluice.gateway.dialect.StreamEncoder;
import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.generation.StreamEvent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The newest frames of one stream in one format, encoded once for all who read along. Thread-safe without locks: two readers
 * who encode the same at the same time both publish, and either is right.
 */
final class Broadcast {

    /** Readers at the end of a stream are at most a few writes apart. */
    private static final int KEPT = 8;

    private volatile Block[] newestFirst = {};

    /** Finds frames from an offset on, null where they are not kept. */
    @Nullable
    Block find(long offset) {
        for (Block block : newestFirst) {
            if (block.holds(offset)) {
                return block;
            }
        }
        return null;
    }

    void publish(Block block) {
        Block[] before = newestFirst;
        Block[] after = new Block[Math.min(before.length + 1, KEPT)];
        after[0] = block;
        System.arraycopy(before, 0, after, 1, after.length - 1);
        newestFirst = after;
    }

    /**
     * Frames of events in a row.
     *
     * @param offset of the first event
     * @param ends where each frame ends in {@code bytes}; may be longer than there are frames
     * @param terminal whether the last event is the stream's last
     */
    @SuppressWarnings("ArrayRecordComponent") // never changed, never compared
    record Block(long offset, int count, int[] ends, byte[] bytes, boolean terminal) {

        long endOffset() {
            return offset + count;
        }

        boolean holds(long wanted) {
            return wanted >= offset && wanted < endOffset();
        }

        /** Returns where the frame of an event begins in the bytes. */
        int start(long wanted) {
            int index = (int) (wanted - offset);
            return index == 0 ? 0 : ends[index - 1];
        }

        /** Returns how many bytes the frame of an event has. */
        int size(long wanted) {
            return ends[(int) (wanted - offset)] - start(wanted);
        }

        /** Appends frames, however many events that are. */
        long copy(long from, Utf8Buffer out, int maxBytes) {
            return copy(from, out, maxBytes, Long.MAX_VALUE, Integer.MAX_VALUE);
        }

        /**
         * Appends frames.
         *
         * @param from of the first event, one that this block holds
         * @param maxBytes no frame but the first begins beyond so many bytes in {@code out}
         * @param before no event but the first has this offset or a later one
         * @param largest a frame with more bytes is not appended, and nothing after it
         * @return the offset after the last one appended
         */
        long copy(long from, Utf8Buffer out, int maxBytes, long before, int largest) {
            int start = start(from);
            int room = maxBytes - out.length();
            long next = from;
            while (holds(next)
                    && size(next) <= largest
                    && (next == from || (next < before && start(next) - start < room))) {
                next++;
            }
            if (next > from) {
                out.raw(bytes, start, ends[(int) (next - offset) - 1] - start);
            }
            return next;
        }
    }

    /** Gathers a block. For one thread. */
    static final class Builder {

        private final long offset;
        private final Utf8Buffer out = new Utf8Buffer(512);
        private int[] ends = new int[8];
        private int count;

        Builder(long offset) {
            this.offset = offset;
        }

        void add(StreamEncoder encoder, StreamEvent event) {
            encoder.encode(offset + count, event, out);
            if (count == ends.length) {
                ends = Arrays.copyOf(ends, 2 * count);
            }
            ends[count++] = out.length();
        }

        int length() {
            return out.length();
        }

        boolean isEmpty() {
            return count == 0;
        }

        Block build(boolean terminal) {
            return new Block(offset, count, ends, out.toBytes(), terminal);
        }
    }
}
