package dev.sluice.bench.load;

import dev.sluice.bench.net.Connection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One connection over HTTP/2, begun without an upgrade, that reads many streams at once. Of the protocol it speaks what a
 * reader of streams needs: its windows are so large that they never close, and its headers are never compressed.
 */
final class Http2Connection implements Connection.Owner {

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int HEAD_BYTES = 9;
    private static final int MAX_FRAME_BYTES = 16 * 1024;
    private static final int WINDOW = 1 << 30;
    private static final int STREAMS_WHERE_UNLIMITED = 100;

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RESET = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GO_AWAY = 7;
    private static final int WINDOW_UPDATE = 8;

    private static final int END_STREAM = 1;
    private static final int ACKNOWLEDGED = 1;
    private static final int END_HEADERS = 4;
    private static final int PADDED = 8;
    private static final int PRIORITY = 32;
    private static final int PRIORITY_BYTES = 5;

    private static final int INITIAL_WINDOW = 4;
    private static final int MAX_STREAMS = 3;

    /** Where HPACK's table has {@code :status: 200}. */
    private static final int STATUS_200 = 0x88;

    private final Load load;
    private final Runnable ready;
    private final Map<Integer, Watch> reading = new HashMap<>();
    private final ByteBuffer in = ByteBuffer.allocate(4 * (HEAD_BYTES + MAX_FRAME_BYTES));
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private @Nullable Connection connection;
    private int maxStreams;
    private int started;

    /** Connects; {@code ready} is called once streams may be started. */
    Http2Connection(Load load, Runnable ready) {
        this.load = load;
        this.ready = ready;
        out.writeBytes(PREFACE.getBytes(StandardCharsets.US_ASCII));
        frame(
                SETTINGS,
                0,
                0,
                ByteBuffer.allocate(6)
                        .putShort((short) INITIAL_WINDOW)
                        .putInt(WINDOW)
                        .array());
        frame(WINDOW_UPDATE, 0, 0, ByteBuffer.allocate(4).putInt(WINDOW).array());
        try {
            connection = new Connection(load.loop(), load.plan().port(), this);
            send();
        } catch (IOException e) {
            broken(e);
        }
    }

    /** Whether the server has said how many streams it takes. */
    boolean usable() {
        return maxStreams > 0;
    }

    boolean full() {
        return usable() && started >= maxStreams;
    }

    /** Starts the stream of a reader. */
    void start(int number) {
        int id = 1 + 2 * started++;
        Watch watch = new Watch(load.plan(), load.figures());
        reading.put(id, watch);
        String request = new String(load.plan().requests().apply(number), StandardCharsets.ISO_8859_1);
        int end = request.indexOf("\r\n\r\n") + 4;
        byte[] body = request.substring(end).getBytes(StandardCharsets.ISO_8859_1);
        watch.begin();
        frame(HEADERS, END_HEADERS | (body.length == 0 ? END_STREAM : 0), id, headers(request.split(" ", 3)));
        if (body.length > 0) {
            frame(DATA, END_STREAM, id, body);
        }
        try {
            send();
        } catch (IOException e) {
            broken(e);
        }
    }

    private byte[] headers(String[] line) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        literal(block, ":method", line[0]);
        literal(block, ":scheme", "http");
        literal(block, ":authority", "127.0.0.1:" + load.plan().port());
        literal(block, ":path", line[1]);
        literal(block, "content-type", "application/json");
        return block.toByteArray();
    }

    /** Writes a header that no table needs to know; neither name nor value is longer than 126. */
    private static void literal(ByteArrayOutputStream block, String name, String value) {
        block.write(0);
        block.write(name.length());
        block.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        block.write(value.length());
        block.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    }

    private void frame(int type, int flags, int stream, byte[] payload) {
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
        head.put((byte) (payload.length >>> 16)).putShort((short) payload.length);
        head.put((byte) type).put((byte) flags).putInt(stream);
        out.writeBytes(head.array());
        out.writeBytes(payload);
    }

    private void send() throws IOException {
        if (connection != null && out.size() > 0) {
            ByteBuffer frames = ByteBuffer.wrap(out.toByteArray());
            out.reset();
            connection.send(frames);
        }
    }

    @Override
    public void readable(SocketChannel channel) throws IOException {
        int count = channel.read(in);
        long now = System.nanoTime();
        if (count < 0) {
            throw new IOException("closed");
        }
        byte[] bytes = in.array();
        int at = 0;
        while (in.position() - at >= HEAD_BYTES) {
            int length = ((in.getShort(at) << 8) & 0xFFFF00) | (bytes[at + 2] & 0xFF);
            if (length > MAX_FRAME_BYTES) {
                throw new IOException("a frame is too large");
            }
            if (in.position() - at < HEAD_BYTES + length) {
                break;
            }
            int stream = in.getInt(at + 5) & Integer.MAX_VALUE;
            take(bytes[at + 3], bytes[at + 4], stream, at + HEAD_BYTES, length, now);
            at += HEAD_BYTES + length;
        }
        in.limit(in.position()).position(at).compact();
        send();
    }

    private void take(int type, int flags, int stream, int at, int length, long now) throws IOException {
        switch (type) {
            case DATA -> data(flags, stream, at, length, now);
            case HEADERS -> headers(flags, stream, at);
            case RESET -> reset(stream, "the server reset it with code " + in.getInt(at));
            case SETTINGS -> settings(flags, at, length);
            case PING -> {
                if ((flags & ACKNOWLEDGED) == 0) {
                    frame(PING, ACKNOWLEDGED, 0, slice(at, length));
                }
            }
            case GO_AWAY -> throw new IOException("the server said goodbye with code " + in.getInt(at + 4));
            default -> {} // Whatever else there is may be ignored.
        }
    }

    private byte[] slice(int at, int length) {
        byte[] slice = new byte[length];
        in.get(at, slice);
        return slice;
    }

    private void settings(int flags, int at, int length) {
        if ((flags & ACKNOWLEDGED) != 0) {
            return;
        }
        maxStreams = STREAMS_WHERE_UNLIMITED;
        for (int i = at; i < at + length; i += 6) {
            if (in.getShort(i) == MAX_STREAMS) {
                maxStreams = Math.max(1, in.getInt(i + 2));
            }
        }
        frame(SETTINGS, ACKNOWLEDGED, 0, new byte[0]);
        ready.run();
    }

    private void headers(int flags, int stream, int at) {
        int before = ((flags & PADDED) == 0 ? 0 : 1) + ((flags & PRIORITY) == 0 ? 0 : PRIORITY_BYTES);
        int first = in.get(at + before) & 0xFF;
        if (reading.containsKey(stream) && first != STATUS_200) {
            reading.remove(stream);
            load.figures().error("A request over HTTP/2 was not answered with 200.");
            load.over();
        } else if ((flags & END_STREAM) != 0) {
            ended(stream);
        }
    }

    private void data(int flags, int stream, int at, int length, long now) {
        Watch watch = reading.get(stream);
        if (watch != null) {
            int padding = (flags & PADDED) == 0 ? 0 : 1 + (in.get(at) & 0xFF);
            int from = padding == 0 ? at : at + 1;
            watch.bytes(in.array(), from, at + length - Math.max(0, padding - 1), now);
        }
        if ((flags & END_STREAM) != 0) {
            ended(stream);
        }
    }

    private void ended(int stream) {
        Watch watch = reading.remove(stream);
        if (watch != null) {
            watch.ended();
            load.over();
        }
    }

    private void reset(int stream, String why) {
        Watch watch = reading.remove(stream);
        if (watch != null) {
            watch.broke(why);
            load.over();
        }
    }

    @Override
    public void broken(IOException why) {
        for (Integer stream : reading.keySet().toArray(Integer[]::new)) {
            reset(stream, String.valueOf(why.getMessage()));
        }
        if (connection != null) {
            connection.close();
        }
        connection = null;
    }
}
