package dev.sluice.provider.http;

import dev.sluice.memory.MemoryShare;
import org.jspecify.annotations.Nullable;

/**
 * Parses server-sent events from buffers that may be cut anywhere (WHATWG HTML, 9.2.6).
 *
 * <p>Works on bytes: UTF-8 is left undecoded, so a character may be cut as well, and whoever decodes the data replaces what is
 * invalid. An event that lies within one buffer as a single {@code data} line is handed out in place; nothing is copied and no
 * text is made. Time is linear in the number of bytes, however they are cut. For one stream, and one thread at a time.
 */
public final class SseParser {

    /** The bound on a line and on an event unless another is chosen: 2 MiB. */
    public static final int DEFAULT_MAX_BYTES = 2 * 1024 * 1024;

    private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final int BOM_SETTLED = -1;

    private final Bytes line;
    private final Bytes joined;
    private final SseFields fields = new SseFields();
    private final int maxBytes;
    private int bomSeen;
    private boolean afterCr;
    private boolean hasData;
    private byte @Nullable [] inPlace;
    private int inPlaceFrom;
    private int inPlaceTo;

    /**
     * Creates a parser.
     *
     * @param maxBytes how long a line, and the data of an event, may be
     * @param memory what large ones are taken of
     */
    public SseParser(int maxBytes, MemoryShare memory) {
        this.maxBytes = maxBytes;
        this.line = new Bytes(maxBytes, memory);
        this.joined = new Bytes(maxBytes, memory);
    }

    /** Receives events in order, from within the call that completes them. */
    public interface Listener {

        /**
         * An event was dispatched.
         *
         * @param type the event's type, null where it is the standard {@code message}
         * @param data holds the data, valid only during the call and not to be changed
         * @param offset where the data begins
         * @param length the number of bytes, may be 0
         */
        void onEvent(@Nullable String type, byte[] data, int offset, int length);

        /** A line with a field that the standard says to ignore; some servers hide an error in one. Valid only during the call. */
        default void onUnknownLine(byte[] line, int offset, int length) {}
    }

    /**
     * Takes the next buffer.
     *
     * @throws dev.sluice.provider.ProviderException {@code Malformed} if a line or an event exceeds the bound,
     *     {@code ShortOfMemory} if it exceeds what is left of the memory
     */
    public void feed(byte[] buffer, int offset, int length, Listener listener) {
        int end = offset + length;
        int start = bomSeen == BOM_SETTLED ? offset : skipBom(buffer, offset, end);
        while (start < end) {
            if (afterCr) {
                afterCr = false;
                if (buffer[start] == '\n') {
                    start++;
                    continue;
                }
            }
            int stop = endOfLine(buffer, start, end);
            if (stop == end) {
                line.append(buffer, start, end);
                break;
            }
            takeLine(buffer, start, stop, listener);
            afterCr = buffer[stop] == '\r';
            start = stop + 1;
        }
        keepData();
    }

    /** Tells whether bytes or fields wait for an end that has not come: at the end of a stream, whether an event was cut. */
    public boolean pending() {
        return hasData || !line.isEmpty();
    }

    /** Treats what is pending as if its last line and its blank line had come. The standard would discard it. */
    public void dispatchPending(Listener listener) {
        if (!line.isEmpty()) {
            processLine(line.array(), 0, line.length(), listener);
            line.clear();
        }
        dispatch(listener);
    }

    /** Gives back the memory of what is pending, after which the parser is not used again. */
    public void close() {
        line.clear();
        joined.clear();
    }

    /** Returns the last event's id as it applies to the event being dispatched, empty where none was set. */
    public String lastEventId() {
        return fields.lastEventId();
    }

    /** Returns the reconnection time that the stream asked for in milliseconds, -1 where it did not. */
    public long reconnectionTimeMs() {
        return fields.reconnectionTimeMs();
    }

    private static int endOfLine(byte[] buffer, int from, int end) {
        int at = from;
        while (at < end) {
            byte b = buffer[at];
            if (b <= '\r' && (b == '\n' || b == '\r')) {
                return at;
            }
            at++;
        }
        return end;
    }

    private int skipBom(byte[] buffer, int offset, int end) {
        int at = offset;
        while (at < end && bomSeen < BOM.length) {
            if (buffer[at] != BOM[bomSeen]) {
                line.append(BOM, 0, bomSeen);
                bomSeen = BOM_SETTLED;
                return at;
            }
            bomSeen++;
            at++;
        }
        if (bomSeen == BOM.length) {
            bomSeen = BOM_SETTLED;
        }
        return at;
    }

    private void takeLine(byte[] buffer, int start, int stop, Listener listener) {
        if (line.isEmpty()) {
            if (stop - start > maxBytes) {
                throw Bytes.tooLong(maxBytes);
            }
            processLine(buffer, start, stop, listener);
            return;
        }
        line.append(buffer, start, stop);
        processLine(line.array(), 0, line.length(), listener);
        keepData();
        line.clear();
    }

    private void processLine(byte[] bytes, int from, int to, Listener listener) {
        if (from == to) {
            dispatch(listener);
            return;
        }
        if (bytes[from] == ':') {
            return;
        }
        if (SseFields.isNamed(bytes, from, to, "data")) {
            addData(bytes, valueStart(bytes, from + 4, to), to);
        } else if (SseFields.isNamed(bytes, from, to, "event")) {
            fields.setType(bytes, valueStart(bytes, from + 5, to), to);
        } else if (SseFields.isNamed(bytes, from, to, "id")) {
            fields.setId(bytes, valueStart(bytes, from + 2, to), to);
        } else if (SseFields.isNamed(bytes, from, to, "retry")) {
            fields.setRetry(bytes, valueStart(bytes, from + 5, to), to);
        } else {
            listener.onUnknownLine(bytes, from, to - from);
        }
    }

    private static int valueStart(byte[] bytes, int colon, int to) {
        int start = Math.min(colon + 1, to);
        return start < to && bytes[start] == ' ' ? start + 1 : start;
    }

    private void addData(byte[] bytes, int from, int to) {
        if (!hasData) {
            hasData = true;
            inPlace = bytes;
            inPlaceFrom = from;
            inPlaceTo = to;
            return;
        }
        keepData();
        joined.append('\n');
        joined.append(bytes, from, to);
    }

    /** Copies data that still lies in a buffer which is about to change. */
    private void keepData() {
        if (inPlace != null) {
            joined.append(inPlace, inPlaceFrom, inPlaceTo);
            inPlace = null;
        }
    }

    private void dispatch(Listener listener) {
        if (hasData) {
            byte[] slice = inPlace;
            if (slice != null) {
                listener.onEvent(fields.type(), slice, inPlaceFrom, inPlaceTo - inPlaceFrom);
            } else {
                listener.onEvent(fields.type(), joined.array(), 0, joined.length());
            }
            hasData = false;
            inPlace = null;
            joined.clear();
        }
        fields.clearType();
    }
}
