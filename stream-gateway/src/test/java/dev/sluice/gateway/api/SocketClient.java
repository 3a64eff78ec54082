package dev.sluice.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A WebSocket byte by byte (RFC 6455), so that a test decides what goes out, when to read and how to go away. */
public final class SocketClient implements AutoCloseable {

    public static final int TEXT = 1;
    public static final int BINARY = 2;

    /** To be added to the opcode of a message that is compressed. */
    public static final int COMPRESSED = 0x40;

    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private static final String[] HANDSHAKE = {
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg=="
    };

    private final RawClient client;
    private final int start;
    private int at;

    /** One whole frame. */
    @SuppressWarnings("ArrayRecordComponent") // never changed, never compared
    public record Frame(int opcode, byte[] payload, int end) {

        public String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        /** Returns the reason of a frame that closes. */
        public int closeCode() {
            assertThat(opcode).isEqualTo(CLOSE);
            return ByteBuffer.wrap(payload).getShort();
        }
    }

    private SocketClient(RawClient client) {
        this.client = client;
        if (client.status() != 101) {
            throw new AssertionError("not upgraded: " + client.raw());
        }
        byte[] all = client.rawBytes();
        this.start = new String(all, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
        this.at = start;
    }

    /** Asks for a socket, whatever the answer will be. */
    public static RawClient ask(RawClient client, String path, String... headers) {
        List<String> all = new ArrayList<>(List.of(HANDSHAKE));
        all.addAll(List.of(headers));
        return client.send(RawClient.request("GET", path, new byte[0], all.toArray(String[]::new)));
    }

    public static SocketClient open(String path, String... headers) {
        return new SocketClient(ask(RawClient.connect(), path, headers));
    }

    /** Opens a socket with a small window. */
    public static SocketClient openSmall(String path, String... headers) {
        return new SocketClient(ask(RawClient.connect(4_096), path, headers));
    }

    /** Returns a header of the handshake's answer. */
    public String header(String name) {
        return client.header(name);
    }

    public SocketClient send(String json) {
        return send(TEXT, true, json.getBytes(StandardCharsets.UTF_8));
    }

    public SocketClient send(int opcode, boolean last, byte[] payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write((last ? 0x80 : 0) | opcode);
        if (payload.length < 126) {
            frame.write(0x80 | payload.length);
        } else if (payload.length < 65_536) {
            frame.write(0x80 | 126);
            frame.writeBytes(
                    ByteBuffer.allocate(2).putShort((short) payload.length).array());
        } else {
            frame.write(0x80 | 127);
            frame.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
        }
        frame.writeBytes(new byte[4]); // a mask that changes nothing
        frame.writeBytes(payload);
        client.send(frame.toByteArray());
        return this;
    }

    /** Waits for the next message and returns it. */
    public JsonNode next() {
        return Json.read(nextFrame(frame -> frame.opcode() == TEXT || frame.opcode() == BINARY)
                .text());
    }

    /** Waits for the next message of a type; others are passed over. */
    public JsonNode next(String type) {
        JsonNode message = next();
        while (!message.path("type").asText().equals(type)) {
            message = next();
        }
        return message;
    }

    /** Reads messages up to and with the first of a type. */
    public List<JsonNode> upTo(String type) {
        List<JsonNode> messages = new ArrayList<>();
        do {
            messages.add(next());
        } while (!messages.getLast().path("type").asText().equals(type));
        return messages;
    }

    /** Waits until the server closes, and returns the code that it gives. */
    public int closeCode() {
        return nextFrame(frame -> frame.opcode() == CLOSE).closeCode();
    }

    /** Waits for a ping. */
    public void awaitPing() {
        nextFrame(frame -> frame.opcode() == PING);
    }

    public SocketClient pong() {
        return send(PONG, true, new byte[0]);
    }

    public Frame nextFrame(Predicate<Frame> wanted) {
        while (true) {
            Frame frame = frame(at, Integer.MAX_VALUE);
            if (frame == null) {
                int before = client.receivedBytes();
                client.until(raw -> raw.receivedBytes() > before);
            } else {
                at = frame.end();
                if (wanted.test(frame)) {
                    return frame;
                }
            }
        }
    }

    /** Reads so many bytes of frames, or to a stream's terminal event, and returns the events that are whole by then. */
    public List<JsonNode> eventsWithin(int bytes) {
        List<JsonNode> events = new ArrayList<>();
        int limit = bytes > Integer.MAX_VALUE - start ? Integer.MAX_VALUE : start + bytes;
        String type = "";
        while (!type.equals("complete") && !type.equals("error") && !type.equals("request_error")) {
            Frame frame = frame(at, limit);
            if (frame != null) {
                at = frame.end();
                JsonNode message = Json.read(frame.text());
                type = message.path("type").asText();
                if (!type.equals("subscribed")) {
                    events.add(message);
                }
            } else if (client.receivedBytes() >= limit) {
                return events;
            } else {
                int before = client.receivedBytes();
                client.until(raw -> raw.receivedBytes() > before);
            }
        }
        return events;
    }

    /** Returns how many bytes came after the handshake. */
    public int payloadBytes() {
        return client.receivedBytes() - start;
    }

    private @Nullable Frame frame(int from, int limit) {
        byte[] all = client.rawBytes();
        int end = Math.min(all.length, limit);
        if (end < from + 2) {
            return null;
        }
        int length = all[from + 1] & 0x7F;
        int header = length < 126 ? 2 : length == 126 ? 4 : 10;
        if (end < from + header) {
            return null;
        }
        if (length == 126) {
            length = ByteBuffer.wrap(all).getShort(from + 2) & 0xFFFF;
        } else if (length == 127) {
            length = (int) ByteBuffer.wrap(all).getLong(from + 2);
        }
        int stop = from + header + length;
        return end < stop ? null : new Frame(all[from] & 0xF, Arrays.copyOfRange(all, from + header, stop), stop);
    }

    /** Tells whether the connection is gone, for good, without reading: it takes a pong no more. */
    public boolean isCut() {
        try {
            pong();
            return false;
        } catch (UncheckedIOException e) {
            return true;
        }
    }

    public boolean closedByServer() {
        return client.closedByServer();
    }

    /** Goes away with a reset. */
    @Override
    public void close() {
        client.reset();
    }

    /** Goes away without a word. */
    public void fin() {
        client.close();
    }
}
