package dev.sluice.gateway.transport;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.api.Frames;
import dev.sluice.gateway.api.Json;
import dev.sluice.gateway.api.RawClient;
import dev.sluice.gateway.api.SocketClient;
import io.restassured.RestAssured;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One way to read a stream, over a connection that can break after any byte. */
enum Way {
    EVENT_STREAM {
        @Override
        Got read(String path, long from, int bytes) {
            return overHttp1(RawClient.request("GET", path, NO_BODY, headers(from)), bytes);
        }

        /** As a browser resumes. */
        private String[] headers(long from) {
            return from == 0 ? new String[0] : new String[] {"Last-Event-ID: " + (from - 1)};
        }

        @Override
        List<JsonNode> events(String body) {
            return ofFrames(body);
        }
    },
    LINES {
        @Override
        Got read(String path, long from, int bytes) {
            return overHttp1(RawClient.request("GET", path + "?offset=" + from, NO_BODY, ACCEPT_LINES), bytes);
        }

        @Override
        List<JsonNode> events(String body) {
            return ofLines(body);
        }
    },
    LONG_POLL {
        @Override
        Got read(String path, long from, int bytes) {
            return overHttp1(
                    RawClient.request("GET", path + "?wait=100ms&offset=" + from, NO_BODY, "Accept: application/json"),
                    bytes);
        }

        /** An answer that is not whole is none. */
        @Override
        List<JsonNode> events(String body) {
            List<JsonNode> events = new ArrayList<>();
            if (body.endsWith("}") && body.contains("\"done\"")) {
                Json.read(body).path("events").forEach(events::add);
            }
            return events;
        }
    },
    EVENT_STREAM_OVER_HTTP2 {
        @Override
        Got read(String path, long from, int bytes) {
            return overHttp2(path + "?offset=" + from, "text/event-stream", bytes);
        }

        @Override
        List<JsonNode> events(String body) {
            return ofFrames(body);
        }
    },
    WEBSOCKET {
        @Override
        Got read(String path, long from, int bytes) {
            try (SocketClient client = SocketClient.open("/v1/ws")) {
                String id = path.substring(path.lastIndexOf('/') + 1);
                client.send("{\"type\":\"subscribe\",\"stream_id\":\"" + id + "\",\"offset\":" + from + "}");
                return new Got(client.eventsWithin(bytes), Math.min(bytes, client.payloadBytes()));
            }
        }

        @Override
        List<JsonNode> events(String body) {
            throw new AssertionError("messages are no text");
        }
    },
    LINES_OVER_HTTP2 {
        @Override
        Got read(String path, long from, int bytes) {
            return overHttp2(path + "?offset=" + from, "application/x-ndjson", bytes);
        }

        @Override
        List<JsonNode> events(String body) {
            return ofLines(body);
        }
    };

    private static final byte[] NO_BODY = {};
    private static final String ACCEPT_LINES = "Accept: application/x-ndjson";
    private static final HttpClient HTTP2 =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();

    /**
     * What came before the connection broke.
     *
     * @param events the whole ones
     * @param bytes how many came
     */
    record Got(List<JsonNode> events, int bytes) {}

    /**
     * Reads from an offset.
     *
     * @param bytes after so many the client breaks the connection; the response may end before
     */
    abstract Got read(String path, long from, int bytes);

    /** Returns the whole events of a body, or of the beginning of one. */
    abstract List<JsonNode> events(String body);

    Got overHttp1(byte[] request, int bytes) {
        RawClient client = RawClient.connect().send(request);
        if (bytes == Integer.MAX_VALUE) {
            client.toEnd();
        } else {
            client.read(bytes);
        }
        client.reset();
        return new Got(events(client.body()), client.receivedBytes());
    }

    Got overHttp2(String path, String accept, int bytes) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + RestAssured.port + path))
                .header("Accept", accept)
                .build();
        try (InputStream body =
                HTTP2.send(request, HttpResponse.BodyHandlers.ofInputStream()).body()) {
            byte[] received = body.readNBytes(bytes);
            return new Got(events(new String(received, StandardCharsets.UTF_8)), received.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<JsonNode> ofFrames(String body) {
        return Frames.of(body).events().stream().map(Frames.Frame::json).toList();
    }

    private static List<JsonNode> ofLines(String body) {
        List<JsonNode> events = new ArrayList<>();
        int at = 0;
        for (int end = body.indexOf('\n'); end >= 0; end = body.indexOf('\n', at)) {
            if (end > at) {
                events.add(Json.read(body.substring(at, end)));
            }
            at = end + 1;
        }
        return events;
    }
}
