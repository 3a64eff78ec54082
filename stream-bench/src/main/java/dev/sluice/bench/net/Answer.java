package dev.sluice.bench.net;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Takes HTTP/1.1 answers apart as their bytes come, one after the other. What follows a switch to another protocol is the body,
 * to the end of the connection.
 */
public final class Answer {

    private static final int MAX_HEAD_BYTES = 64 * 1024;
    private static final int SWITCHED = 101;
    private static final long TO_THE_CLOSE = Long.MAX_VALUE;

    /** Takes the body, piece by piece. The bytes are the reader's own: they change after the call. */
    @FunctionalInterface
    public interface Body {
        void part(byte[] bytes, int from, int to);
    }

    private enum State {
        HEAD,
        BODY,
        SIZE,
        DATA,
        DATA_END,
        TRAILER,
        COMPLETE
    }

    private byte[] head = new byte[512];
    private int headLength;
    private String headText = "";
    private State state = State.HEAD;
    private int status;
    private long left;
    private boolean inExtension;
    private boolean lineHasText;

    /** Begins the next answer. */
    public void next() {
        headLength = 0;
        headText = "";
        state = State.HEAD;
        status = 0;
        left = 0;
    }

    /** Whether not one byte has come. */
    public boolean untouched() {
        return state == State.HEAD && headLength == 0;
    }

    public boolean headComplete() {
        return state != State.HEAD;
    }

    public boolean complete() {
        return state == State.COMPLETE;
    }

    /** Returns the status, 0 before the head is complete. */
    public int status() {
        return status;
    }

    /** Returns a header's value, null where there is none. */
    public @Nullable String header(String name) {
        String start = "\r\n" + name.toLowerCase(Locale.ROOT) + ":";
        int at = headText.toLowerCase(Locale.ROOT).indexOf(start);
        if (at < 0) {
            return null;
        }
        int from = at + start.length();
        return headText.substring(from, headText.indexOf('\r', from)).strip();
    }

    /** The peer closed the connection. Whether the answer is whole by that. */
    public boolean closed() {
        if (state == State.BODY && left == TO_THE_CLOSE) {
            state = State.COMPLETE;
        }
        return complete();
    }

    /**
     * Takes what was read.
     *
     * @return the index after the last byte that belongs to this answer
     * @throws IllegalStateException if this is no HTTP
     */
    public int take(byte[] bytes, int from, int to, Body body) {
        int at = from;
        while (at < to && state != State.COMPLETE) {
            at = switch (state) {
                case HEAD -> head(bytes, at, to);
                case BODY, DATA -> data(bytes, at, to, body);
                case SIZE -> size(bytes[at], at);
                case DATA_END -> dataEnd(bytes[at], at);
                case TRAILER -> trailer(bytes[at], at);
                case COMPLETE -> to;
            };
        }
        return at;
    }

    private int head(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (headLength == head.length) {
                head = Arrays.copyOf(head, head.length * 2);
            }
            head[headLength++] = bytes[i];
            if (bytes[i] == '\n' && headLength >= 4 && head[headLength - 2] == '\r' && head[headLength - 3] == '\n') {
                beginBody();
                return i + 1;
            }
            if (headLength > MAX_HEAD_BYTES) {
                throw new IllegalStateException("The head of the answer does not end.");
            }
        }
        return to;
    }

    private void beginBody() {
        headText = new String(head, 0, headLength, StandardCharsets.ISO_8859_1);
        if (!headText.startsWith("HTTP/1.") || headText.length() < 12) {
            throw new IllegalStateException("The answer is no HTTP.");
        }
        status = Integer.parseInt(headText.substring(9, 12));
        String length = header("content-length");
        if (status == SWITCHED) {
            state = State.BODY;
            left = TO_THE_CLOSE;
        } else if (status < 200) {
            next();
        } else if (status == 204 || status == 304 || "0".equals(length)) {
            state = State.COMPLETE;
        } else if (length != null) {
            state = State.BODY;
            left = Long.parseLong(length);
        } else if ("chunked".equalsIgnoreCase(header("transfer-encoding"))) {
            beginChunk();
        } else {
            state = State.BODY;
            left = TO_THE_CLOSE;
        }
    }

    private void beginChunk() {
        state = State.SIZE;
        left = 0;
        inExtension = false;
    }

    private int data(byte[] bytes, int from, int to, Body body) {
        int part = (int) Math.min(left, to - from);
        body.part(bytes, from, from + part);
        if (left != TO_THE_CLOSE) {
            left -= part;
        }
        if (left == 0) {
            state = state == State.BODY ? State.COMPLETE : State.DATA_END;
        }
        return from + part;
    }

    private int size(byte b, int at) {
        if (b == '\n') {
            state = left == 0 ? State.TRAILER : State.DATA;
            lineHasText = false;
        } else if (b == ';') {
            inExtension = true;
        } else if (b != '\r' && !inExtension) {
            int digit = Character.digit(b, 16);
            if (digit < 0) {
                throw new IllegalStateException("The answer's chunks are no HTTP.");
            }
            left = left * 16 + digit;
        }
        return at + 1;
    }

    private int dataEnd(byte b, int at) {
        if (b == '\n') {
            beginChunk();
        }
        return at + 1;
    }

    private int trailer(byte b, int at) {
        if (b == '\n') {
            if (!lineHasText) {
                state = State.COMPLETE;
            }
            lineHasText = false;
        } else if (b != '\r') {
            lineHasText = true;
        }
        return at + 1;
    }
}
