package dev.sluice.bench.soak;

import dev.sluice.bench.upstream.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One reader of several streams on one WebSocket, who loses it now and then and comes back on another one. */
final class SocketReader {

    private static final int RARELY_CUT_BYTES = 20_000;
    private static final int MAX_CUTS = 4;
    private static final int MAX_WINDOW = 20;
    private static final int ABORT_WITHIN = 40;
    private static final long NEVER = Long.MAX_VALUE;

    private final int port;
    private final RandomGenerator random;
    private final Duration pause;
    private final Map<String, Stream> streams = new LinkedHashMap<>();
    private int cuts;

    SocketReader(int port, RandomGenerator random, Duration pause) {
        this.port = port;
        this.random = random;
        this.pause = pause;
    }

    /** A stream of this socket: what was told of it, and what the reader is to do. */
    private final class Stream {

        private final Following following;
        private final @Nullable String request;
        private final long abortAt;
        private final int window = random.nextBoolean() ? 0 : 1 + random.nextInt(MAX_WINDOW);
        private long acknowledged;

        Stream(String id, Script script, @Nullable String request, long abortAt) {
            this.following = new Following(id, script);
            this.request = request;
            this.abortAt = abortAt;
        }

        /** A start may have been lost with the socket, and is repeated until an event shows that it was not. */
        void begin(WebSocket socket) throws IOException {
            long next = following.next();
            acknowledged = next;
            String options = window == 0 ? "" : ",\"window\":" + window;
            if (request != null && next == 0) {
                socket.send("{\"type\":\"start\"" + options + "," + request.substring(1));
            } else {
                socket.send(about("subscribe", options + ",\"offset\":" + next));
            }
            if (next >= abortAt) {
                socket.send(about("abort", ""));
            }
        }

        void event(Map<String, @Nullable Object> event, WebSocket socket) throws IOException {
            following.event(event);
            long next = following.next();
            if (window > 0 && next - acknowledged > window) {
                throw following.fault("more came than the window of " + window + " allows");
            }
            if (next == abortAt) {
                socket.send(about("abort", ""));
            }
            if (window > 0 && !following.ended() && (next - acknowledged == window || random.nextInt(4) == 0)) {
                socket.send(about("ack", ",\"offset\":" + (next - 1)));
                acknowledged = next;
            }
        }

        void mustHaveEndedWell() {
            String how = following.telling().how();
            if (!how.equals(abortAt == NEVER ? Telling.COMPLETE : "CANCELLED")) {
                throw following.fault("ended with " + how);
            }
        }

        private String about(String type, String more) {
            return "{\"type\":\"" + type + "\",\"stream_id\":\"" + following.id() + "\"" + more + "}";
        }
    }

    /** Reads a stream that somebody else started. */
    SocketReader read(String id, Script script) {
        streams.put(id, new Stream(id, script, null, NEVER));
        return this;
    }

    /**
     * Starts a stream.
     *
     * @param request as for {@code POST /v1/streams}, with the {@code id}
     */
    void start(String id, Script script, String request) {
        streams.put(id, new Stream(id, script, request, NEVER));
    }

    /** Starts a stream and aborts it after some events; it must have more of them. */
    void startAndAbort(String id, Script script, String request) {
        streams.put(id, new Stream(id, script, request, 1 + random.nextInt(ABORT_WITHIN)));
    }

    /** Reads all streams to their ends, with as many sockets as it takes. */
    void follow() throws IOException, InterruptedException {
        while (goesOn()) {
            try (WebSocket socket = WebSocket.open(port, random, pause)) {
                for (Stream stream : streams.values()) {
                    if (!stream.following.ended()) {
                        stream.begin(socket);
                    }
                }
                read(socket);
            }
        }
        streams.values().forEach(Stream::mustHaveEndedWell);
    }

    private boolean goesOn() {
        return streams.values().stream().anyMatch(stream -> !stream.following.ended());
    }

    private void read(WebSocket socket) throws IOException, InterruptedException {
        boolean cut = cuts < MAX_CUTS && random.nextInt(3) == 0;
        long left = cut ? 1 + random.nextInt(random.nextInt(1, RARELY_CUT_BYTES)) : Long.MAX_VALUE;
        while (goesOn()) {
            left -= socket.read(left);
            for (String message = socket.message(); message != null; message = socket.message()) {
                hear(message, socket);
            }
            if (left == 0) {
                cuts++;
                if (random.nextBoolean()) {
                    socket.reset();
                }
                return;
            }
        }
        if (random.nextBoolean()) {
            socket.bye();
        }
    }

    private void hear(String message, WebSocket socket) throws IOException {
        Map<String, @Nullable Object> event = Json.object(message);
        Stream stream = streams.get(String.valueOf(event.get("stream_id")));
        switch (String.valueOf(event.get("type"))) {
            case "started", "subscribed" -> {}
            case "chunk", "complete", "error", "status", "reset" -> {
                if (stream == null) {
                    throw new IllegalStateException("An event came of a stream that is not read.");
                }
                stream.event(event, socket);
            }
            default -> throw new IllegalStateException("The gateway answered " + message);
        }
    }
}
