package dev.sluice.bench.soak;

import dev.sluice.bench.net.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** One request on a connection of its own, read as fast, as far and as rudely as its user wants. */
final class Exchange implements AutoCloseable {

    private static final int PATIENCE_MS = 30_000;
    private static final int SMALL_WINDOW_BYTES = 4 * 1024;
    private static final int SLOW_READ_BYTES = 512;
    private static final int READ_BYTES = 16 * 1024;

    private final Socket socket = new Socket();
    private final Answer answer = new Answer();
    private final Duration pause;
    private final byte[] buffer;
    private int from;
    private int to;

    /**
     * Connects and sends.
     *
     * @param pause after each read of a few bytes; zero to read as fast as it comes
     */
    Exchange(int port, byte[] request, Duration pause) throws IOException {
        this.pause = pause;
        this.buffer = new byte[pause.isZero() ? READ_BYTES : SLOW_READ_BYTES];
        try {
            if (!pause.isZero()) {
                socket.setReceiveBufferSize(SMALL_WINDOW_BYTES);
            }
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MS);
            socket.getOutputStream().write(request);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Reads until the answer's end, or until so many bytes have come.
     *
     * @return whether the answer is whole
     * @throws IOException if the connection ended before the answer did, or was silent for 30 s
     */
    boolean read(long maxBytes, Answer.Body body) throws IOException, InterruptedException {
        long left = maxBytes;
        while (left > 0 && !answer.complete()) {
            left -= readSome(left, body);
        }
        return answer.complete();
    }

    /**
     * Waits for a part of the answer.
     *
     * @return how many bytes came, at most {@code maxBytes}; 0 at the end
     * @throws IOException as {@link #read}
     */
    int readSome(long maxBytes, Answer.Body body) throws IOException, InterruptedException {
        if (answer.complete() || !more()) {
            return 0;
        }
        int start = from;
        from = answer.take(buffer, from, from + (int) Math.min(to - from, maxBytes), body);
        return from - start;
    }

    /** Sends more on the same connection. */
    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Reads the head of the answer; none of its body is lost. */
    int status() throws IOException, InterruptedException {
        while (!answer.headComplete() && more()) {
            from = answer.take(buffer, from, from + 1, (_, _, _) -> {});
        }
        return answer.status();
    }

    /** Makes sure that there is something in the buffer. Whether the answer goes on. */
    private boolean more() throws IOException, InterruptedException {
        if (from < to) {
            return true;
        }
        if (!pause.isZero()) {
            Thread.sleep(pause);
        }
        from = 0;
        to = socket.getInputStream().read(buffer);
        if (to < 0 && !answer.closed()) {
            throw new IOException("The gateway closed the connection amid an answer.");
        }
        return to > 0;
    }

    /** Reads the rest as text. */
    String text() throws IOException, InterruptedException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        read(Long.MAX_VALUE, (bytes, start, end) -> whole.write(bytes, start, end - start));
        return whole.toString(StandardCharsets.UTF_8);
    }

    /** Goes away without a word: what the gateway sends from now on is answered with a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
