package dev.sluice.provider.http;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What the fields of an event say, other than its data. A name that repeats is not decoded again. */
final class SseFields {

    private @Nullable String type;
    private String lastTypeSeen = "";
    private String lastEventId = "";
    private long reconnectionTimeMs = -1;

    /** Whether a line that is not empty is a field with this name. */
    static boolean isNamed(byte[] line, int from, int to, String name) {
        int length = name.length();
        if (to - from < length || (to - from > length && line[from + length] != ':')) {
            return false;
        }
        return equalsAscii(line, from, name);
    }

    /** Returns the type of the event being read, null for the standard one. */
    @Nullable
    String type() {
        return type;
    }

    String lastEventId() {
        return lastEventId;
    }

    long reconnectionTimeMs() {
        return reconnectionTimeMs;
    }

    void clearType() {
        type = null;
    }

    void setType(byte[] line, int from, int to) {
        boolean asBefore = to - from == lastTypeSeen.length() && equalsAscii(line, from, lastTypeSeen);
        if (!asBefore) {
            lastTypeSeen = new String(line, from, to - from, StandardCharsets.UTF_8);
        }
        type = lastTypeSeen.isEmpty() ? null : lastTypeSeen;
    }

    /** An id with NUL in it is ignored. */
    void setId(byte[] line, int from, int to) {
        for (int i = from; i < to; i++) {
            if (line[i] == 0) {
                return;
            }
        }
        lastEventId = new String(line, from, to - from, StandardCharsets.UTF_8);
    }

    /** Anything but digits is ignored, and so is a time too long for an int. */
    void setRetry(byte[] line, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            if (line[i] < '0' || line[i] > '9' || value > Integer.MAX_VALUE) {
                return;
            }
            value = value * 10 + (line[i] - '0');
        }
        if (from < to && value <= Integer.MAX_VALUE) {
            reconnectionTimeMs = value;
        }
    }

    private static boolean equalsAscii(byte[] line, int from, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (line[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
