package dev.sluice.provider.http;

import dev.sluice.memory.MemoryShare;
import dev.sluice.provider.ProviderException;
import dev.sluice.provider.ProviderFailure;
import dev.sluice.stream.Chunk;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a stream of server-sent events, or what a server sends in its place.
 *
 * <p>What it is shows in its first byte, not in its content type, which servers get wrong: <code>{</code> begins a JSON document,
 * {@code <} a web page, anything else a stream. An event that the end of the stream cuts short of its blank line counts.
 */
public final class EventStreamDecoder implements AnswerDecoder {

    private enum Kind {
        UNKNOWN,
        STREAM,
        DOCUMENT
    }

    private final EventReader reader;
    private final SseParser parser;
    private final Bytes document;
    private final Relay relay = new Relay();
    private Kind kind = Kind.UNKNOWN;

    /**
     * Creates a decoder.
     *
     * @param maxBytes how long a line, an event and a document may be
     * @param memory what large ones are taken of
     */
    public EventStreamDecoder(EventReader reader, int maxBytes, MemoryShare memory) {
        this.reader = reader;
        this.parser = new SseParser(maxBytes, memory);
        this.document = new Bytes(maxBytes, memory);
    }

    @Override
    public void feed(byte[] buffer, int offset, int length, Consumer<Chunk> sink) {
        if (kind == Kind.UNKNOWN) {
            recognise(buffer, offset, length);
        }
        switch (kind) {
            case UNKNOWN, STREAM -> {
                relay.sink = sink;
                parser.feed(buffer, offset, length, relay);
            }
            case DOCUMENT -> document.append(buffer, offset, offset + length);
        }
    }

    @Override
    public void end(Consumer<Chunk> sink) {
        if (kind == Kind.DOCUMENT) {
            reader.onDocument(document.array(), 0, document.length(), sink);
        } else if (parser.pending()) {
            relay.sink = sink;
            parser.dispatchPending(relay);
        }
        if (reader.progress() != Progress.COMPLETE) {
            reader.onEnd(sink);
        }
    }

    @Override
    public Progress progress() {
        return reader.progress();
    }

    @Override
    public void close() {
        parser.close();
        document.clear();
    }

    /** Blank bytes and a byte order mark mean nothing in either form, so a decision may wait for the next buffer. */
    private void recognise(byte[] buffer, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            switch (buffer[i]) {
                case ' ', '\t', '\r', '\n', (byte) 0xEF, (byte) 0xBB, (byte) 0xBF -> {}
                case '{' -> {
                    kind = Kind.DOCUMENT;
                    return;
                }
                case '<' ->
                    throw new ProviderException(
                            new ProviderFailure.Malformed("The provider answered with a web page."));
                default -> {
                    kind = Kind.STREAM;
                    return;
                }
            }
        }
    }

    private final class Relay implements SseParser.Listener {

        private Consumer<Chunk> sink = _ -> {};

        @Override
        public void onEvent(@Nullable String type, byte[] data, int offset, int length) {
            if (reader.progress() != Progress.COMPLETE) {
                reader.onEvent(type, data, offset, length, sink);
            }
        }

        @Override
        public void onUnknownLine(byte[] line, int offset, int length) {
            if (reader.progress() != Progress.COMPLETE) {
                reader.onUnknownLine(line, offset, length, sink);
            }
        }
    }
}
