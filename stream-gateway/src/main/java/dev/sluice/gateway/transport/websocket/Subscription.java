package dev.sluice.gateway.transport.websocket;

import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.transport.FrameReader;

/** One stream that a socket reads, and how far its client lets it come. For the thread of the socket. */
final class Subscription {

    private final String id;
    private final FrameReader reader;
    private final int window;
    private long acknowledged;
    private boolean waiting;

    /**
     * @param id the stream's name
     * @param from the first offset that is read
     * @param window how many events may follow the last acknowledged one
     */
    Subscription(String id, FrameReader reader, long from, int window) {
        this.id = id;
        this.reader = reader;
        this.window = window;
        this.acknowledged = from - 1;
    }

    String id() {
        return id;
    }

    /** Appends lines. Nothing, where nothing is there or the client has to acknowledge first. */
    void read(Utf8Buffer out, int maxBytes) {
        long before = window == StreamSocket.NO_WINDOW ? Long.MAX_VALUE : acknowledged + 1 + window;
        reader.read(out, maxBytes, before);
        if (reader.position() > before) {
            // It was overtaken. What is no longer kept, nobody can acknowledge.
            acknowledged = reader.position() - 1;
        }
    }

    /**
     * Lets more events follow. An offset before the last acknowledged one changes nothing.
     *
     * @return false where no event of this offset was sent yet
     */
    boolean acknowledge(long offset) {
        if (offset >= reader.position()) {
            return false;
        }
        acknowledged = Math.max(acknowledged, offset);
        return true;
    }

    boolean ended() {
        return reader.ended();
    }

    /** Takes a place among those that have something to send; false where it has one. */
    boolean queue() {
        boolean before = waiting;
        waiting = true;
        return !before;
    }

    void dequeue() {
        waiting = false;
    }

    void close() {
        reader.close();
    }
}
