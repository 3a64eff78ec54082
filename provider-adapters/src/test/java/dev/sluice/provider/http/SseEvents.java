package dev.sluice.provider.http;

import dev.sluice.memory.MemoryShare;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Feeds a parser and notes what it says. Each buffer is overwritten after it was fed, as a network's buffers are. */
final class SseEvents implements SseParser.Listener {

    private final SseParser parser;
    private final List<String> seen = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();
    private final List<String> unknownLines = new ArrayList<>();

    SseEvents(SseParser parser) {
        this.parser = parser;
    }

    /** Returns a parser that shares its memory with nobody. */
    static SseParser parser(int maxBytes) {
        return new SseParser(maxBytes, new MemoryShare(Long.MAX_VALUE));
    }

    static SseEvents of(byte[]... buffers) {
        SseEvents events = new SseEvents(parser(SseParser.DEFAULT_MAX_BYTES));
        for (byte[] buffer : buffers) {
            events.feed(buffer);
        }
        return events;
    }

    static SseEvents byteByByte(byte[] input) {
        return new SseEvents(parser(SseParser.DEFAULT_MAX_BYTES)).feedByteByByte(input);
    }

    SseEvents feed(byte[] buffer) {
        byte[] padded = new byte[buffer.length + 2];
        System.arraycopy(buffer, 0, padded, 1, buffer.length);
        parser.feed(padded, 1, buffer.length, this);
        Arrays.fill(padded, (byte) '#');
        return this;
    }

    SseEvents feedByteByByte(byte[] input) {
        for (byte b : input) {
            feed(new byte[] {b});
        }
        return this;
    }

    /** Returns each event as {@code type|data}. */
    List<String> seen() {
        return seen;
    }

    /** Returns the last event's id as it was at each event. */
    List<String> ids() {
        return ids;
    }

    List<String> unknownLines() {
        return unknownLines;
    }

    @Override
    public void onEvent(@Nullable String type, byte[] data, int offset, int length) {
        seen.add((type == null ? "" : type) + "|" + new String(data, offset, length, StandardCharsets.UTF_8));
        ids.add(parser.lastEventId());
    }

    @Override
    public void onUnknownLine(byte[] line, int offset, int length) {
        unknownLines.add(new String(line, offset, length, StandardCharsets.UTF_8));
    }
}
