package dev.sluice.bench.net;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One request on a connection of its own, for what is not measured. */
public final class Http {

    private static final int PATIENCE_MS = 15_000;

    private Http() {}

    /**
     * A whole answer.
     *
     * @param status HTTP's
     * @param body as text
     */
    public record Whole(int status, String body) {}

    /** Returns the bytes of a request to this machine; a GET has an empty body. */
    public static byte[] request(String method, int port, String path, String body, String... headers) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder(256);
        head.append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: 127.0.0.1:");
        head.append(port).append("\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        if (content.length > 0) {
            head.append("Content-Type: application/json\r\nContent-Length: ")
                    .append(content.length)
                    .append("\r\n");
        }
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        byte[] whole = new byte[start.length + content.length];
        System.arraycopy(start, 0, whole, 0, start.length);
        System.arraycopy(content, 0, whole, start.length, content.length);
        return whole;
    }

    /** Asks and reads the whole answer; 15 s of silence are too many. */
    public static Whole ask(int port, byte[] request) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MS);
            socket.getOutputStream().write(request);
            Answer answer = new Answer();
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            byte[] buffer = new byte[16 * 1024];
            while (!answer.complete()) {
                int read = socket.getInputStream().read(buffer);
                if (read < 0 && !answer.closed()) {
                    throw new IOException("The connection was closed amid the answer.");
                }
                answer.take(buffer, 0, Math.max(read, 0), (bytes, from, to) -> body.write(bytes, from, to - from));
            }
            return new Whole(answer.status(), body.toString(StandardCharsets.UTF_8));
        }
    }

    /** Gets a path. */
    public static Whole get(int port, String path) throws IOException {
        return ask(port, request("GET", port, path, ""));
    }

    /** Returns a port that nobody listens on now. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
