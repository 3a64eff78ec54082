package dev.sluice.bench.soak;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Joins the bytes that a WebSocket's server sends to frames, and what was sent in several frames to one. Strict. */
final class Frames {

    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final int FINAL = 0x80;
    private static final int RESERVED = 0x70;
    private static final int MASKED = 0x80;
    private static final int TWO_BYTES = 126;
    private static final int EIGHT_BYTES = 127;

    /** What was sent, whole. */
    static final class Frame {

        private final int kind;
        private final byte[] payload;

        private Frame(int kind, byte[] payload) {
            this.kind = kind;
            this.payload = payload;
        }

        /** Returns one of the constants above, no continuation. */
        int kind() {
            return kind;
        }

        byte[] payload() {
            return payload;
        }
    }

    private final Queue<Frame> whole = new ArrayDeque<>();
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private final ByteArrayOutputStream frame = new ByteArrayOutputStream();
    private int messageKind = CONTINUATION;

    /**
     * Takes what was read.
     *
     * @throws IllegalStateException if a server must not send this
     */
    void take(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            byte[] begun = frame.toByteArray();
            long missing = missing(begun);
            int part = (int) Math.min(missing, to - at);
            frame.write(bytes, at, part);
            at += part;
            if (part == missing) {
                finishWhereWhole(frame.toByteArray());
            }
        }
    }

    /** Returns what came first and was not returned yet, null where nothing is. */
    @Nullable
    Frame poll() {
        return whole.poll();
    }

    private void finishWhereWhole(byte[] bytes) {
        if (missing(bytes) == 0) {
            frame.reset();
            int start = headLength(bytes);
            finish(bytes[0] & 0x0f, (bytes[0] & FINAL) != 0, bytes, start);
        }
    }

    private void finish(int kind, boolean isFinal, byte[] bytes, int start) {
        if (kind >= CLOSE) {
            require(isFinal && kind <= PONG, "a control frame of kind " + kind + " in parts");
            byte[] payload = new byte[bytes.length - start];
            System.arraycopy(bytes, start, payload, 0, payload.length);
            whole.add(new Frame(kind, payload));
            return;
        }
        require((kind == CONTINUATION) == (messageKind != CONTINUATION) && kind <= BINARY, "a frame of kind " + kind);
        messageKind = kind == CONTINUATION ? messageKind : kind;
        message.write(bytes, start, bytes.length - start);
        if (isFinal) {
            whole.add(new Frame(messageKind, message.toByteArray()));
            message.reset();
            messageKind = CONTINUATION;
        }
    }

    /** How many bytes must come before there is more to know, 0 where the frame is whole. */
    private static long missing(byte[] begun) {
        if (begun.length < 2) {
            return 2L - begun.length;
        }
        require((begun[0] & RESERVED) == 0 && (begun[1] & MASKED) == 0, "reserved bits or a mask");
        int head = headLength(begun);
        return (begun.length < head ? head : head + payloadLength(begun)) - begun.length;
    }

    private static int headLength(byte[] begun) {
        return switch (begun[1]) {
            case TWO_BYTES -> 4;
            case EIGHT_BYTES -> 10;
            default -> 2;
        };
    }

    private static long payloadLength(byte[] begun) {
        int head = headLength(begun);
        long length = head == 2 ? begun[1] : 0;
        for (int i = 2; i < head; i++) {
            length = (length << 8) | (begun[i] & 0xff);
        }
        return length;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException("The WebSocket's server sent " + otherwise + ".");
        }
    }
}
