package dev.sluice.gateway.dialect;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A growing array of UTF-8 bytes that knows how to write JSON strings and numbers. For one thread. */
public final class Utf8Buffer {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes;
    private int length;

    /** Starts empty with room for some bytes. */
    public Utf8Buffer(int capacity) {
        bytes = new byte[capacity];
    }

    /** Returns how many bytes were written. */
    public int length() {
        return length;
    }

    /** Returns a copy of what was written. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    /** Returns a copy of some of what was written, for Vert.x. */
    public Buffer toBuffer(int start, int count) {
        return Buffer.buffer(count).appendBytes(bytes, start, count);
    }

    /** Forgets what was written and keeps the room. */
    public void clear() {
        length = 0;
    }

    /** Appends bytes as they are. */
    public Utf8Buffer raw(byte[] more) {
        return raw(more, 0, more.length);
    }

    /** Appends some bytes of an array as they are. */
    public Utf8Buffer raw(byte[] more, int start, int count) {
        ensure(count);
        System.arraycopy(more, start, bytes, length, count);
        length += count;
        return this;
    }

    /** Appends text as it is, without escapes. */
    public Utf8Buffer raw(String text) {
        return raw(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Appends a decimal number. */
    public Utf8Buffer number(long value) {
        return raw(Long.toString(value));
    }

    /** Appends a JSON string with its quotes, or {@code null}. */
    public Utf8Buffer string(@Nullable String text) {
        if (text == null) {
            return raw(NULL);
        }
        ensure(text.length() + 2);
        bytes[length++] = '"';
        escaped(text);
        ensure(1);
        bytes[length++] = '"';
        return this;
    }

    private void escaped(String text) {
        int size = text.length();
        for (int i = 0; i < size; i++) {
            char character = text.charAt(i);
            // Whatever comes, this character and the plain rest need no more than this.
            ensure(6 + size - i);
            if (character < 0x80) {
                ascii(character);
            } else if (character < 0x800) {
                put(0xC0 | (character >> 6));
                put(0x80 | (character & 0x3F));
            } else if (!Character.isSurrogate(character)) {
                put(0xE0 | (character >> 12));
                put(0x80 | ((character >> 6) & 0x3F));
                put(0x80 | (character & 0x3F));
            } else if (Character.isHighSurrogate(character)
                    && i + 1 < size
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                supplementary(Character.toCodePoint(character, text.charAt(++i)));
            } else {
                // Half a pair, whose other half comes in the next delta: only an escape can carry it.
                unicodeEscape(character);
            }
        }
    }

    private void ascii(char character) {
        if (character == '"' || character == '\\') {
            put('\\');
            put(character);
        } else if (character >= 0x20) {
            put(character);
        } else if (character == '\n') {
            put('\\');
            put('n');
        } else {
            unicodeEscape(character);
        }
    }

    private void supplementary(int codePoint) {
        put(0xF0 | (codePoint >> 18));
        put(0x80 | ((codePoint >> 12) & 0x3F));
        put(0x80 | ((codePoint >> 6) & 0x3F));
        put(0x80 | (codePoint & 0x3F));
    }

    private void unicodeEscape(char character) {
        put('\\');
        put('u');
        for (int shift = 12; shift >= 0; shift -= 4) {
            put(HEX[(character >> shift) & 0xF]);
        }
    }

    private void put(int value) {
        bytes[length++] = (byte) value;
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
