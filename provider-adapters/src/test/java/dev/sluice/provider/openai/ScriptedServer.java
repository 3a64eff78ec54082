package dev.sluice.provider.openai;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server on loopback that says exactly the bytes it is told to say. Each connection is served on a thread of its own
 * and may carry several requests.
 */
final class ScriptedServer implements AutoCloseable {

    private final ServerSocket listener;
    private final Script script;
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();

    /** Answers one request; what it throws closes the connection. */
    interface Script {
        void answer(Connection connection) throws IOException;
    }

    /** A request as it came: the head with its line ends, and the body. */
    record Request(String head, String body) {}

    ScriptedServer(Script script) {
        this.script = script;
        try {
            this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /** A server that gives every request the same answer and keeps the connection. */
    static ScriptedServer answering(String response) {
        return new ScriptedServer(connection -> connection.say(response));
    }

    /** Returns a whole response with this status line and body. */
    static String response(String status, String headers, String body) {
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        return "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + length + "\r\n\r\n" + body;
    }

    /** Returns the head of a stream in HTTP chunks. */
    static String streamHead() {
        return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    }

    /** Returns these bytes as one HTTP chunk. */
    static String httpChunk(String data) {
        return Integer.toHexString(data.getBytes(StandardCharsets.UTF_8).length) + "\r\n" + data + "\r\n";
    }

    /** Returns a whole stream in one HTTP chunk. */
    static String stream(String body) {
        return streamHead() + httpChunk(body) + "0\r\n\r\n";
    }

    URI baseUrl() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/v1");
    }

    /** Waits for the next request that nobody took yet. */
    Request nextRequest() {
        try {
            return requests.take();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    int connectionsSeen() {
        return connections.size();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                connections.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException _) {
            // The server was closed.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            Connection connection = new Connection(socket);
            for (Request request = connection.read(); request != null; request = connection.read()) {
                requests.add(request);
                script.answer(connection);
            }
        } catch (IOException _) {
            // The client went away, or the script did.
        }
    }

    /** What a script can do with a connection. */
    static final class Connection {

        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;

        Connection(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
            this.out = socket.getOutputStream();
        }

        void say(String text) throws IOException {
            say(text.getBytes(StandardCharsets.UTF_8));
        }

        void say(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        /** Closes with a reset in place of an orderly end. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Closes in an orderly way. */
        void hangUp() throws IOException {
            socket.close();
        }

        /** Waits until the client closes. */
        void awaitClose() throws IOException {
            try {
                in.transferTo(OutputStream.nullOutputStream());
            } catch (SocketException _) {
                // A reset is a close as well.
            }
        }

        private @Nullable Request read() throws IOException {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.UTF_8).endsWith("\r\n\r\n")) {
                int b = in.read();
                if (b < 0) {
                    return null;
                }
                head.write(b);
            }
            String text = head.toString(StandardCharsets.UTF_8);
            String length = text.toLowerCase(Locale.ROOT).replaceFirst("(?s).*content-length: (\\d+).*", "$1");
            byte[] body = in.readNBytes(Integer.parseInt(length));
            return new Request(text, new String(body, StandardCharsets.UTF_8));
        }
    }
}
