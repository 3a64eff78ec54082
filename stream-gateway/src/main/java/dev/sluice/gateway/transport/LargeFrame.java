package dev.sluice.gateway.transport;

import dev.sluice.gateway.dialect.Utf8Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A frame that is shared by many readers and too large to be copied for each of them at once: one reader's way through it. Can
 * be used for one frame after another. For one thread at a time.
 */
final class LargeFrame {

    private byte @Nullable [] bytes;
    private int at;
    private int end;
    private boolean terminal;

    /** Whether there is a frame of which something is left. */
    boolean pending() {
        return bytes != null;
    }

    /**
     * Begins a frame. The one before it must have been taken whole.
     *
     * @param offset of an event that the block holds
     */
    void begin(Broadcast.Block block, long offset) {
        bytes = block.bytes();
        at = block.start(offset);
        end = at + block.size(offset);
        terminal = block.terminal() && offset + 1 == block.endOffset();
    }

    /**
     * Appends what fits of it, and forgets it after the last byte. Does nothing where no frame is pending.
     *
     * @param maxBytes nothing is appended beyond so many bytes in {@code out}
     * @return whether these were the last bytes of the stream
     */
    boolean take(Utf8Buffer out, int maxBytes) {
        byte[] frame = bytes;
        if (frame == null || out.length() >= maxBytes) {
            return false;
        }
        int count = Math.min(maxBytes - out.length(), end - at);
        out.raw(frame, at, count);
        at += count;
        if (at < end) {
            return false;
        }
        bytes = null;
        return terminal;
    }
}
