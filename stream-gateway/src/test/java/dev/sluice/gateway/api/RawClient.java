package dev.sluice.gateway.api;

import io.restassured.RestAssured;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** One HTTP/1.1 exchange on a socket of its own, so that a test decides when to read, how much, and how to go away. */
public final class RawClient implements AutoCloseable {

    private static final int PATIENCE_MS = 15_000;

    private final Socket socket;
    private final InputStream in;
    private final Received received = new Received();

    /** Tells cheaply how it ends, since some bodies are large. */
    private static final class Received extends ByteArrayOutputStream {

        private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

        boolean endsLikeChunks() {
            return count >= LAST_CHUNK.length
                    && Arrays.equals(buf, count - LAST_CHUNK.length, count, LAST_CHUNK, 0, LAST_CHUNK.length);
        }
    }

    private RawClient(int receiveBufferBytes) throws IOException {
        socket = new Socket();
        if (receiveBufferBytes > 0) {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), RestAssured.port));
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MS);
        in = socket.getInputStream();
    }

    /** Connects, and says nothing yet. */
    public static RawClient connect() {
        return connect(0);
    }

    /** Connects with a small window. */
    public static RawClient connect(int receiveBufferBytes) {
        try {
            return new RawClient(receiveBufferBytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static RawClient post(String path, String body, String... headers) {
        return connect().send(request("POST", path, body.getBytes(StandardCharsets.UTF_8), headers));
    }

    public static RawClient get(String path, String... headers) {
        return connect().send(request("GET", path, new byte[0], headers));
    }

    public static RawClient delete(String path, String... headers) {
        return connect().send(request("DELETE", path, new byte[0], headers));
    }

    /** Returns a whole request, body and all. */
    public static byte[] request(String method, String path, byte[] body, String... headers) {
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n");
        if (body.length > 0) {
            head.append("Content-Type: application/json\r\nContent-Length: ")
                    .append(body.length)
                    .append("\r\n");
        }
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }

    public RawClient send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Reads until what came so far satisfies. */
    public RawClient until(Predicate<RawClient> satisfied) {
        while (!satisfied.test(this)) {
            if (!readSome(8_192)) {
                throw new AssertionError("closed before it came; so far: " + raw());
            }
        }
        return this;
    }

    /** Reads until the body holds a text. */
    public RawClient until(String text) {
        return until(client -> client.body().contains(text));
    }

    /** Reads to the end of the response. */
    public RawClient toEnd() {
        until(RawClient::hasHead);
        boolean chunked = header("transfer-encoding").equals("chunked");
        return until(client -> (!chunked || received.endsLikeChunks()) && client.complete());
    }

    /** Reads until a text has passed by, and keeps none of it. */
    public void discardUntil(String text) {
        String tail = "";
        while (!tail.contains(text)) {
            received.reset();
            if (!readSome(65_536)) {
                throw new AssertionError("closed before it came: " + text);
            }
            tail = tail.substring(Math.max(0, tail.length() - text.length())) + raw();
        }
    }

    /** Reads exactly so many more bytes, or to the end of the response. */
    public RawClient read(int bytes) {
        int left = bytes;
        while (left > 0 && !complete()) {
            int before = received.size();
            if (!readSome(left)) {
                return this;
            }
            left -= received.size() - before;
        }
        return this;
    }

    /** Reads what there is, and tells whether the other side has closed. */
    public boolean closedByServer() {
        try {
            return !readSome(8_192);
        } catch (UncheckedIOException e) {
            return e.getCause() instanceof SocketException;
        }
    }

    /** Tells whether the connection is gone, for good, without reading: it takes a line break between two requests no more. */
    public boolean isCut() {
        try {
            socket.getOutputStream().write('\n');
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private boolean readSome(int atMost) {
        try {
            byte[] buffer = new byte[atMost];
            int count = in.read(buffer);
            if (count > 0) {
                received.write(buffer, 0, count);
            }
            return count > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns every byte that came, as text. */
    public String raw() {
        return received.toString(StandardCharsets.UTF_8);
    }

    /** Returns every byte that came. */
    public byte[] rawBytes() {
        return received.toByteArray();
    }

    public int receivedBytes() {
        return received.size();
    }

    private int headEnd() {
        int end = received.toString(StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n");
        return end < 0 ? -1 : end + 4;
    }

    public boolean hasHead() {
        return headEnd() >= 0;
    }

    public int status() {
        until(RawClient::hasHead);
        return Integer.parseInt(raw().substring(9, 12));
    }

    /** Returns the response's headers; names in lower case. */
    public Map<String, String> headers() {
        until(RawClient::hasHead);
        Map<String, String> headers = new TreeMap<>();
        raw().substring(0, headEnd())
                .lines()
                .skip(1)
                .filter(line -> !line.isEmpty())
                .forEach(line -> {
                    int colon = line.indexOf(':');
                    headers.put(
                            line.substring(0, colon).toLowerCase(Locale.ROOT),
                            line.substring(colon + 1).strip());
                });
        return headers;
    }

    public String header(String name) {
        return headers().getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    /** Returns as much of the body as came, without the framing of HTTP chunks. */
    public String body() {
        return new String(bodyBytes(), StandardCharsets.UTF_8);
    }

    public byte[] bodyBytes() {
        return hasHead() ? content().bytes : new byte[0];
    }

    public boolean complete() {
        return hasHead() && content().complete;
    }

    /** Returns the body as events. */
    public Frames frames() {
        return Frames.of(body());
    }

    private static final class Content {

        private final byte[] bytes;
        private final boolean complete;

        Content(byte[] bytes, boolean complete) {
            this.bytes = bytes;
            this.complete = complete;
        }
    }

    private Content content() {
        byte[] all = received.toByteArray();
        int at = headEnd();
        Map<String, String> headers = headers();
        if (!"chunked".equals(headers.get("transfer-encoding"))) {
            int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
            byte[] bytes = Arrays.copyOfRange(all, at, Math.min(all.length, at + length));
            return new Content(bytes, bytes.length == length);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int lineEnd = at;
            while (lineEnd + 1 < all.length && !(all[lineEnd] == '\r' && all[lineEnd + 1] == '\n')) {
                lineEnd++;
            }
            if (lineEnd + 1 >= all.length) {
                return new Content(body.toByteArray(), false);
            }
            int size = Integer.parseInt(new String(all, at, lineEnd - at, StandardCharsets.US_ASCII), 16);
            at = lineEnd + 2;
            if (size == 0) {
                return new Content(body.toByteArray(), all.length >= at + 2);
            }
            body.write(all, at, Math.min(size, all.length - at));
            at += size + 2;
            if (at > all.length) {
                return new Content(body.toByteArray(), false);
            }
        }
    }

    /** Goes away with a reset. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Goes away in an orderly way. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
