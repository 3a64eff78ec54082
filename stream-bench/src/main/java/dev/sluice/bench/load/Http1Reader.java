package dev.sluice.bench.load;

import dev.sluice.bench.net.Answer;
import dev.sluice.bench.net.Connection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One connection over HTTP/1.1 that reads streams, one after the other. */
final class Http1Reader implements Connection.Owner, Answer.Body {

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int MAX_SHOWN = 200;

    /** One thread reads, so all its connections read into the same buffers. */
    private static final ThreadLocal<Buffers> BUFFERS = ThreadLocal.withInitial(Buffers::new);

    private static final class Buffers {
        final ByteBuffer direct = ByteBuffer.allocateDirect(BUFFER_BYTES);
        final byte[] bytes = new byte[BUFFER_BYTES];
    }

    private final Load load;
    private final byte[] request;
    private final Watch watch;
    private final Answer answer = new Answer();
    private final Buffers buffers = BUFFERS.get();
    private @Nullable Connection connection;
    private boolean reused;
    private boolean reading;
    private long readAtNanos;
    private String refusal = "";

    Http1Reader(Load load, int number) {
        this.load = load;
        this.request = load.plan().requests().apply(number);
        this.watch = new Watch(load.plan(), load.figures());
        connect();
    }

    private void connect() {
        load.began();
        dial();
    }

    private void dial() {
        reused = false;
        reading = true;
        watch.begin();
        answer.next();
        refusal = "";
        try {
            Connection dialed = new Connection(load.loop(), load.plan().port(), this);
            connection = dialed;
            dialed.send(ByteBuffer.wrap(request));
        } catch (IOException e) {
            broken(e);
        }
    }

    private void again() {
        Connection open = connection;
        if (open == null) {
            connect();
            return;
        }
        load.began();
        reused = true;
        reading = true;
        watch.begin();
        answer.next();
        refusal = "";
        try {
            open.send(ByteBuffer.wrap(request));
        } catch (IOException e) {
            broken(e);
        }
    }

    @Override
    public void readable(SocketChannel channel) throws IOException {
        ByteBuffer direct = buffers.direct.clear();
        int count = channel.read(direct);
        readAtNanos = System.nanoTime();
        if (count < 0) {
            closedByPeer();
            return;
        }
        direct.flip().get(buffers.bytes, 0, count);
        answer.take(buffers.bytes, 0, count, this);
        if (answer.complete()) {
            finish();
        }
    }

    @Override
    public void part(byte[] bytes, int from, int to) {
        if (answer.status() == 200) {
            watch.bytes(bytes, from, to, readAtNanos);
        } else if (refusal.length() < MAX_SHOWN) {
            refusal += new String(bytes, from, Math.min(to - from, MAX_SHOWN), StandardCharsets.UTF_8);
        }
    }

    private void finish() {
        reading = false;
        if (answer.status() == 200) {
            watch.ended();
        } else {
            load.figures().error("HTTP " + answer.status() + ": " + refusal);
        }
        if (!load.over()) {
            close();
        } else if (load.plan().pause().isZero()) {
            again();
        } else {
            load.loop().at(System.nanoTime() + load.plan().pause().toNanos(), this::again);
        }
    }

    private void closedByPeer() throws IOException {
        close();
        if (answer.closed()) {
            finish();
        } else if (reused && reading && answer.untouched()) {
            // A server may let an idle connection go at any time; that it did so now is no fault.
            dial();
        } else {
            throw new IOException("closed");
        }
    }

    @Override
    public void broken(IOException why) {
        close();
        if (!reading) {
            return;
        }
        reading = false;
        if (answer.headComplete()) {
            watch.broke(String.valueOf(why.getMessage()));
        } else {
            load.figures().error(why.toString());
        }
        if (load.over()) {
            // Not at once: a server that refuses every connection must not be asked as fast as the machine can.
            load.loop().at(System.nanoTime() + 50_000_000L, this::again);
        }
    }

    private void close() {
        if (connection != null) {
            connection.close();
        }
        connection = null;
    }
}
