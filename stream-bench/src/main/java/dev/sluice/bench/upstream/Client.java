package dev.sluice.bench.upstream;

import dev.sluice.bench.net.Loop;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection to the provider: a request after the other, each answered by its script. */
final class Client implements Loop.Peer {

    private static final String STREAM_HEAD = """
            HTTP/1.1 200 OK\r
            Content-Type: text/event-stream\r
            Cache-Control: no-cache\r
            Transfer-Encoding: chunked\r
            \r
            """;
    private static final byte[] STREAM_HEAD_BYTES = STREAM_HEAD.getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_REQUEST_BYTES = 1 << 20;

    /** After so many bytes it is the others' turn. */
    private static final int MAX_WRITE_BYTES = 16 * 1024;

    /** Every write goes through this buffer; there is one thread. */
    private final ByteBuffer shared;

    private final Loop loop;
    private final Ledger ledger;
    private final SocketChannel channel;
    private final SelectionKey key;
    private byte[] in = new byte[2 * 1024];
    private int inLength;
    private @Nullable ByteBuffer unsent;
    private @Nullable Events playing;
    private boolean faulty;
    private int played;
    private long dueNanos;
    private Loop.@Nullable Alarm alarm;

    Client(Loop loop, Ledger ledger, ByteBuffer shared, SocketChannel channel) throws IOException {
        this.loop = loop;
        this.ledger = ledger;
        this.shared = shared;
        this.channel = channel;
        this.key = loop.register(channel, SelectionKey.OP_READ, this);
        ledger.opened();
    }

    @Override
    public void ready() throws IOException {
        if (key.isReadable() && !read()) {
            close();
            return;
        }
        if (key.isWritable() && sent()) {
            Events script = playing;
            if (script == null) {
                answerNext();
            } else if (script.script().intervalMs() == 0 && alarm == null) {
                play(script);
            }
        }
    }

    @Override
    public void broken(IOException why) {
        close();
    }

    private boolean read() throws IOException {
        ByteBuffer buffer = shared.clear();
        int read = channel.read(buffer);
        if (read <= 0) {
            return read == 0;
        }
        if (inLength + read > in.length) {
            in = Arrays.copyOf(in, (inLength + read) * 2);
        }
        buffer.flip().get(in, inLength, read);
        inLength += read;
        if (playing == null && unsent == null) {
            answerNext();
        }
        return inLength <= MAX_REQUEST_BYTES;
    }

    private void answerNext() throws IOException {
        Request request = Request.parse(in, inLength);
        if (request == null) {
            return;
        }
        System.arraycopy(in, request.bytes(), in, 0, inLength - request.bytes());
        inLength -= request.bytes();
        if (request.get()) {
            write(whole(200, "text/plain", figures(request.path())));
            return;
        }
        Events events = ledger.events(request.model());
        Script script = events.script();
        faulty = ledger.faultsAreFor(request.model(), script);
        if (faulty && script.status() > 0) {
            write(whole(script.status(), "application/json", "{\"error\":{\"message\":\"As the script says.\"}}"));
            return;
        }
        if (faulty && script.dieAfter() == 0) {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            close();
            return;
        }
        playing = events;
        played = 0;
        int wait = script.firstMs() > 0 ? script.firstMs() : script.intervalMs();
        if (wait == 0) {
            shared.clear().put(STREAM_HEAD_BYTES);
            fill(events);
        } else {
            write(STREAM_HEAD_BYTES);
            dueNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(wait);
            alarm = loop.at(dueNanos, this::due);
        }
    }

    private String figures(String path) {
        return switch (path) {
            case "/departures" -> ledger.departures();
            case "/calls" -> ledger.calls();
            default -> ledger.connections();
        };
    }

    private void due() {
        alarm = null;
        Events events = playing;
        if (events == null) {
            return;
        }
        try {
            play(events);
        } catch (IOException e) {
            broken(e);
        }
    }

    /** Writes what is due: one chunk, or as many as the buffer holds. */
    private void play(Events events) throws IOException {
        if (unsent != null) {
            // The reader is slower than the script. Its chunks are written when they fit, one interval late.
            next(events);
            return;
        }
        shared.clear();
        fill(events);
    }

    private void fill(Events events) throws IOException {
        Script script = events.script();
        while (played < script.chunks() && shared.position() < MAX_WRITE_BYTES) {
            if (faulty && played == script.dieAfter()) {
                flush();
                close();
                return;
            }
            if (faulty && played == script.stallAfter()) {
                flush();
                return;
            }
            events.write(played++, shared);
            if (script.intervalMs() > 0) {
                break;
            }
        }
        boolean done = played == script.chunks();
        if (done) {
            shared.put(events.tail());
            playing = null;
        }
        flush();
        if (done) {
            if (unsent == null) {
                answerNext();
            }
        } else {
            next(events);
        }
    }

    private void next(Events events) {
        int interval = events.script().intervalMs();
        if (interval == 0) {
            key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        } else {
            dueNanos += TimeUnit.MILLISECONDS.toNanos(interval);
            alarm = loop.at(dueNanos, this::due);
        }
    }

    private void write(byte[] bytes) throws IOException {
        shared.clear().put(bytes);
        flush();
    }

    private void flush() throws IOException {
        shared.flip();
        channel.write(shared);
        if (shared.hasRemaining()) {
            unsent = ByteBuffer.allocate(shared.remaining()).put(shared).flip();
            key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
    }

    /** Whether everything that was written has gone. */
    private boolean sent() throws IOException {
        ByteBuffer rest = unsent;
        if (rest != null) {
            channel.write(rest);
            if (rest.hasRemaining()) {
                return false;
            }
            unsent = null;
        }
        key.interestOps(SelectionKey.OP_READ);
        return true;
    }

    private void close() {
        if (!channel.isOpen()) {
            return;
        }
        Events events = playing;
        if (events != null) {
            ledger.departed(events.script());
        }
        playing = null;
        if (alarm != null) {
            alarm.cancel();
        }
        ledger.closed();
        try {
            channel.close();
        } catch (IOException _) {
            // It is gone either way.
        }
    }

    private static byte[] whole(int status, String type, String body) {
        return String.format(
                        Locale.ROOT,
                        "HTTP/1.1 %d Scripted\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s",
                        status,
                        type,
                        body.length(),
                        body)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
