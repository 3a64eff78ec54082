package dev.sluice.gateway.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One call to the {@link UpstreamDouble}, and the way to answer it. */
public final class UpstreamCall {

    final CompletableFuture<Long> closed = new CompletableFuture<>();
    private final String head;
    private final JsonNode request;
    private final Socket socket;

    UpstreamCall(String head, JsonNode request, Socket socket) {
        this.head = head;
        this.request = request;
        this.socket = socket;
    }

    public String head() {
        return head;
    }

    public JsonNode request() {
        return request;
    }

    /** Sends these bytes at once, in a packet of their own. */
    public UpstreamCall say(byte[] bytes) {
        try {
            // Nothing is buffered; a flush would only stumble over a gateway that hangs up because of these bytes.
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    public UpstreamCall say(String text) {
        return say(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Answers with a status and JSON. */
    public void refuse(String status, String headers, String json) {
        int length = json.getBytes(StandardCharsets.UTF_8).length;
        say("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\n" + headers + "Content-Length: " + length
                + "\r\n\r\n" + json);
    }

    /** Begins a stream. */
    public UpstreamCall begin() {
        return say("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    /** Sends data of a stream that has begun, as one HTTP chunk. */
    public UpstreamCall data(byte[] bytes) {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        chunk.writeBytes((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        chunk.writeBytes(bytes);
        chunk.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        return say(chunk.toByteArray());
    }

    public UpstreamCall data(String text) {
        return data(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends one delta with this text. */
    public UpstreamCall text(String content) {
        return data(delta(content));
    }

    /** Ends the answer and the response; the connection stays. */
    public void finish() {
        data(END).end();
    }

    /** Ends the response; the connection stays. */
    public void end() {
        say("0\r\n\r\n");
    }

    /** Streams a whole answer. */
    public void answer(String... contents) {
        begin();
        for (String content : contents) {
            text(content);
        }
        finish();
    }

    /** Closes with a reset in place of an orderly end. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException _) {
            // It is closed already.
        }
    }

    /** Closes in an orderly way, whatever was still to come. */
    public void hangUp() {
        try {
            socket.close();
        } catch (IOException _) {
            // It is closed already.
        }
    }

    /** Waits until the gateway closes the connection, and returns when that was ({@link System#nanoTime}). */
    public long awaitClosed() {
        return awaitClosed(Duration.ofSeconds(10));
    }

    public long awaitClosed(Duration atMost) {
        try {
            return closed.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            throw new AssertionError("the gateway did not close its upstream connection", e);
        }
    }

    public boolean isClosed() {
        return closed.isDone();
    }

    /** Returns one frame with a delta. */
    public static String delta(String content) {
        return frame("{\"content\":" + Json.string(content) + "}", null);
    }

    /** Returns one frame. */
    public static String frame(String delta, @Nullable String finish) {
        return "data: {\"id\":\"up-1\",\"object\":\"chat.completion.chunk\",\"model\":\"real-model\",\"choices\":[{\"index\":0,"
                + "\"delta\":" + delta + ",\"finish_reason\":" + (finish == null ? "null" : "\"" + finish + "\"")
                + "}]}\n\n";
    }

    private static final String END = frame("{}", "stop")
            + "data: {\"id\":\"up-1\",\"model\":\"real-model\",\"choices\":[],"
            + "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3,\"total_tokens\":10}}\n\ndata: [DONE]\n\n";
}
