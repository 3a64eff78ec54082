package dev.sluice.bench.soak;

import dev.sluice.bench.net.Http;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A WebSocket as clients speak it, down to the byte, so that it can be cut anywhere. */
final class WebSocket implements AutoCloseable {

    private static final int SWITCHED = 101;
    private static final int NORMAL = 1000;
    private static final int NO_CODE = 1005;
    private static final int MASKED = 0x80;
    private static final int FINAL = 0x80;
    private static final int TWO_BYTES = 126;

    private final Exchange exchange;
    private final RandomGenerator random;
    private final Frames frames = new Frames();

    private WebSocket(Exchange exchange, RandomGenerator random) {
        this.exchange = exchange;
        this.random = random;
    }

    /**
     * Opens one; chance decides how the gateway frames its messages.
     *
     * @param pause as in {@link Exchange}
     * @throws IOException if the gateway refuses it
     */
    static WebSocket open(int port, RandomGenerator random, Duration pause) throws IOException, InterruptedException {
        Exchange exchange = new Exchange(port, request(port, random.nextBoolean()), pause);
        int status = exchange.status();
        if (status != SWITCHED) {
            exchange.close();
            throw new IOException("HTTP " + status + " instead of a WebSocket.");
        }
        return new WebSocket(exchange, random);
    }

    /** Whether a gateway has WebSockets at all. */
    static boolean isOffered(int port) throws IOException, InterruptedException {
        try (Exchange exchange = new Exchange(port, request(port, false), Duration.ZERO)) {
            return exchange.status() == SWITCHED;
        }
    }

    private static byte[] request(int port, boolean binary) {
        return Http.request(
                "GET",
                port,
                "/v1/ws" + (binary ? "?frames=binary" : ""),
                "",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: c29hayBzb2FrIHNvYWsgIQ==");
    }

    /** Sends a message, in one frame or in two that part anywhere. */
    void send(String message) throws IOException {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        int kind = random.nextBoolean() ? Frames.TEXT : Frames.BINARY;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (random.nextInt(4) == 0) {
            int part = random.nextInt(bytes.length + 1);
            frame(kind, bytes, 0, part, out);
            frame(FINAL | Frames.CONTINUATION, bytes, part, bytes.length, out);
        } else {
            frame(FINAL | kind, bytes, 0, bytes.length, out);
        }
        exchange.send(out.toByteArray());
    }

    /**
     * Waits for more and answers the gateway's pings.
     *
     * @param maxBytes a frame that goes on beyond them is lost with the connection
     * @return how many bytes came, at least one
     * @throws IOException if the connection ended
     */
    int read(long maxBytes) throws IOException, InterruptedException {
        int read = exchange.readSome(maxBytes, frames::take);
        if (read == 0) {
            throw new IOException("The gateway closed the connection without a word.");
        }
        return read;
    }

    /**
     * Returns the next message that is whole; null where there is none.
     *
     * @throws IOException if the gateway closed the socket instead
     */
    @Nullable
    String message() throws IOException {
        for (Frames.Frame frame = frames.poll(); frame != null; frame = frames.poll()) {
            switch (frame.kind()) {
                case Frames.PING -> control(Frames.PONG, frame.payload());
                case Frames.CLOSE -> throw new IOException("The gateway closed the socket with " + code(frame) + ".");
                case Frames.PONG -> throw new IllegalStateException("A pong came that answers no ping.");
                default -> {
                    return text(frame.payload());
                }
            }
        }
        return null;
    }

    /** Says goodbye and hears the gateway do so. */
    void bye() throws IOException, InterruptedException {
        control(Frames.CLOSE, new byte[] {(byte) (NORMAL >> 8), (byte) NORMAL});
        while (true) {
            read(Long.MAX_VALUE);
            for (Frames.Frame frame = frames.poll(); frame != null; frame = frames.poll()) {
                if (frame.kind() == Frames.CLOSE && code(frame) == NORMAL) {
                    return;
                }
                if (frame.kind() != Frames.PING) {
                    throw new IllegalStateException("A goodbye was answered by a frame of kind " + frame.kind() + ".");
                }
            }
        }
    }

    /** Goes away without a word, on the level of TCP. */
    void reset() throws IOException {
        exchange.reset();
    }

    @Override
    public void close() throws IOException {
        exchange.close();
    }

    private static int code(Frames.Frame close) {
        return close.payload().length < 2
                ? NO_CODE
                : Short.toUnsignedInt(ByteBuffer.wrap(close.payload()).getShort());
    }

    private static String text(byte[] payload) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(payload))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalStateException("A message is no UTF-8.", e);
        }
    }

    private void control(int kind, byte[] payload) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        frame(FINAL | kind, payload, 0, payload.length, out);
        exchange.send(out.toByteArray());
    }

    private void frame(int head, byte[] bytes, int from, int to, ByteArrayOutputStream out) {
        int length = to - from;
        byte[] mask = new byte[4];
        random.nextBytes(mask);
        out.write(head);
        if (length < TWO_BYTES) {
            out.write(MASKED | length);
        } else {
            out.write(MASKED | TWO_BYTES);
            out.write(length >> 8);
            out.write(length);
        }
        out.writeBytes(mask);
        for (int i = 0; i < length; i++) {
            out.write(bytes[from + i] ^ mask[i % 4]);
        }
    }
}
