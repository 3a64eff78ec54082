package dev.sluice.gateway.transport.websocket;

import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.dialect.standard.MultiplexDialect;
import dev.sluice.gateway.log.StreamLog;
import dev.sluice.gateway.time.Timers;
import dev.sluice.gateway.transport.ClientWriteClock;
import dev.sluice.gateway.transport.Connections;
import dev.sluice.gateway.transport.FrameReaders;
import dev.sluice.gateway.transport.Reading;
import dev.sluice.memory.MemoryShare;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * One client that reads many streams over one WebSocket. Lives on the thread of its connection: hands in whole messages, sends
 * events as fast as the socket takes them, each stream in its turn, asks a silent peer whether it is still there, and lets go of
 * all logs when the socket closes.
 */
public final class StreamSocket {

    /** Stands for a subscription that needs no acknowledgements. */
    public static final int NO_WINDOW = 0;

    /** So much of one stream is sent before it is the next one's turn. */
    private static final int TURN_BYTES = 16 * 1_024;

    /** What every socket may hold of an unfinished message, however much the others hold. */
    private static final int OWN_MESSAGE_BYTES = 16 * 1_024;

    private static final int UNANSWERED_PINGS = 2;

    private final ServerWebSocket socket;
    private final HttpConnection connection;
    private final Context context;
    private final boolean binary;
    private final long maxMessageBytes;
    private final MemoryShare memory;
    private final Duration heartbeat;
    private final FrameReaders readers;
    private final ClientWriteClock.Watch clientWrite;
    private final Timers timers;
    private final Map<String, Subscription> subscriptions = new HashMap<>();
    private final Queue<Subscription> turns = new ArrayDeque<>();
    private final Utf8Buffer out = new Utf8Buffer(512);
    private Buffer message = Buffer.buffer();
    private boolean messageIsText;
    private long taken;
    private boolean sending;
    private boolean closed;
    private boolean heard;
    private int unanswered;
    private Timers.Alarm heartbeatAlarm;

    /** For the current Vert.x context, which must be the socket's. */
    StreamSocket(
            ServerWebSocket socket,
            HttpConnection connection,
            Context context,
            boolean binary,
            long maxMessageBytes,
            MemoryShare memory,
            Duration heartbeat,
            FrameReaders readers,
            ClientWriteClock clientWrite,
            Timers timers) {
        this.socket = socket;
        this.connection = connection;
        this.context = context;
        this.binary = binary;
        this.maxMessageBytes = maxMessageBytes;
        this.memory = memory;
        this.heartbeat = heartbeat;
        this.readers = readers;
        this.clientWrite = clientWrite.watch(this::tooSlow);
        this.timers = timers;
        this.heartbeatAlarm = timers.after(heartbeat, this::beat);
    }

    /**
     * Begins to listen.
     *
     * @param messages gets each whole message
     * @param whenClosed run once
     */
    void listen(Consumer<byte[]> messages, Runnable whenClosed) {
        socket.exceptionHandler(_ -> {}); // what fails closes the socket as well, which is all that matters
        socket.closeHandler(_ -> {
            release();
            whenClosed.run();
        });
        socket.drainHandler(_ -> roomAgain());
        socket.frameHandler(frame -> received(frame, messages));
    }

    /** Returns how many streams are read. */
    public int streams() {
        return subscriptions.size();
    }

    /** Whether a stream of this name is read. */
    public boolean reads(String id) {
        return subscriptions.containsKey(id);
    }

    /**
     * Reads a stream of a name that is not read yet. The subscription ends with the stream.
     *
     * @param from the first offset to read
     * @param window how many events may follow the last acknowledged one, or {@link #NO_WINDOW}
     */
    public void subscribe(StreamLog log, long from, int window) {
        if (closed) {
            return;
        }
        String id = log.info().key().id().value();
        Reading reading = Reading.of(log, from, MultiplexDialect.LINES);
        Subscription subscription = new Subscription(id, readers.open(reading, () -> news(id)), from, window);
        subscriptions.put(id, subscription);
        news(id);
    }

    /** Stops reading a stream; false where it was not read. */
    public boolean unsubscribe(String id) {
        Subscription subscription = subscriptions.remove(id);
        if (subscription == null) {
            return false;
        }
        turns.remove(subscription);
        subscription.close();
        return true;
    }

    /**
     * Notes that a client has an event, so that more may follow. Does nothing where the stream is not read: it may have ended.
     *
     * @return false where no event of this offset was sent yet
     */
    public boolean acknowledge(String id, long offset) {
        Subscription subscription = subscriptions.get(id);
        boolean known = subscription == null || subscription.acknowledge(offset);
        news(id);
        return known;
    }

    /** Sends one message before whatever waits. */
    public void send(Utf8Buffer json) {
        if (!closed) {
            write(json.toBytes(), 0, json.length());
        }
    }

    /** Closes the socket. What the client reads after all tells it why; if it reads nothing in time, the connection is reset. */
    public void close(CloseReason reason) {
        if (!closed) {
            release();
            Future<Void> told = socket.close(reason.code(), reason.text());
            if (!told.isComplete()) {
                clientWrite.start();
                told.onComplete(_ -> clientWrite.stop());
            }
        }
    }

    /** Closes the socket from any thread, after what is already on its way to it. */
    void closeSoon(CloseReason reason) {
        context.runOnContext(_ -> close(reason));
    }

    private void received(WebSocketFrame frame, Consumer<byte[]> messages) {
        heard = true;
        if (closed) {
            return;
        }
        if (frame.isText() || frame.isBinary() || frame.isContinuation()) {
            gather(frame, messages);
        }
        if (!closed && !hasRoom()) {
            // Whatever came may have to be answered, and whoever does not read gets no more answers.
            socket.pause();
        }
    }

    private void gather(WebSocketFrame frame, Consumer<byte[]> messages) {
        messageIsText = frame.isContinuation() ? messageIsText : frame.isText();
        message.appendBuffer(frame.binaryData());
        if (message.length() > maxMessageBytes) {
            close(CloseReason.TOO_BIG);
        } else if (frame.isFinal()) {
            byte[] whole = message.getBytes();
            forgetMessage();
            if (messageIsText && !isUtf8(whole)) {
                close(CloseReason.BAD_DATA);
            } else {
                messages.accept(whole);
            }
        } else if (!mayHold()) {
            close(CloseReason.CROWDED);
        }
    }

    private boolean mayHold() {
        long more = message.length() - OWN_MESSAGE_BYTES - taken;
        if (more <= 0) {
            return true;
        }
        boolean granted = memory.take(more);
        taken += granted ? more : 0;
        return granted;
    }

    private void forgetMessage() {
        message = Buffer.buffer();
        memory.giveBack(taken);
        taken = 0;
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private void news(String id) {
        Subscription subscription = subscriptions.get(id);
        if (subscription != null) {
            if (subscription.queue()) {
                turns.add(subscription);
            }
            sendTurns();
        }
    }

    /** A write can make room at once and so call for the next turn, which this loop takes anyway. */
    private void sendTurns() {
        if (!sending) {
            sending = true;
            while (!closed && !turns.isEmpty() && hasRoom()) {
                takeTurn(turns.remove());
            }
            sending = false;
        }
    }

    /** Who had something to send may have more, and waits until the others had their turns. */
    private void takeTurn(Subscription subscription) {
        subscription.dequeue();
        subscription.read(out, TURN_BYTES);
        boolean sent = out.length() > 0;
        sendLines();
        if (subscription.ended()) {
            unsubscribe(subscription.id());
        } else if (sent && subscription.queue()) {
            turns.add(subscription);
        }
    }

    private void sendLines() {
        byte[] lines = out.toBytes();
        out.clear();
        int start = 0;
        for (int end = 0; end < lines.length; end++) {
            if (lines[end] == '\n') {
                write(lines, start, end - start);
                start = end + 1;
            }
        }
    }

    private void write(byte[] bytes, int start, int length) {
        var _ = socket.writeFrame(
                binary
                        ? WebSocketFrame.binaryFrame(Buffer.buffer(length).appendBytes(bytes, start, length), true)
                        : WebSocketFrame.textFrame(new String(bytes, start, length, StandardCharsets.UTF_8), true));
    }

    /** Where there is none, nothing is read of the logs: their events would pile up in front of the socket. */
    private boolean hasRoom() {
        if (socket.writeQueueFull()) {
            clientWrite.start();
            return false;
        }
        return true;
    }

    private void roomAgain() {
        clientWrite.stop();
        socket.resume();
        sendTurns();
    }

    /** The first time it is told so, behind what waits for it; a client that does not take that either is not waited for. */
    private void tooSlow() {
        if (closed) {
            Connections.reset(connection);
        } else {
            close(CloseReason.TOO_SLOW);
        }
    }

    /** A peer that takes nothing is the client-write clock's; it cannot see our pings. */
    private void beat() {
        if (heard || socket.writeQueueFull()) {
            unanswered = 0;
        } else if (unanswered == UNANSWERED_PINGS) {
            close(CloseReason.SILENT);
            return;
        } else {
            unanswered++;
            var _ = socket.writePing(Buffer.buffer());
        }
        heard = false;
        heartbeatAlarm = timers.after(heartbeat, this::beat);
    }

    private void release() {
        closed = true;
        forgetMessage();
        subscriptions.values().forEach(Subscription::close);
        subscriptions.clear();
        turns.clear();
        clientWrite.stop();
        heartbeatAlarm.cancel();
    }
}
