package dev.sluice.bench.soak;

import dev.sluice.bench.net.Http;
import dev.sluice.bench.upstream.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One reader of a stream in Sluice's own format, who loses the connection now and then and comes back. */
final class StreamReader {

    private static final long UNCUT = Long.MAX_VALUE;
    private static final int RARELY_CUT_BYTES = 20_000;
    private static final int MAX_CUTS = 4;

    private final int port;
    private final String id;
    private final Way way;
    private final Script script;
    private final Telling telling;
    private final RandomGenerator random;
    private final Duration pause;
    private long next;
    private int cuts;

    StreamReader(int port, String id, Way way, Script script, RandomGenerator random, Duration pause) {
        this.port = port;
        this.id = id;
        this.way = way;
        this.script = script;
        this.telling = new Telling(script);
        this.random = random;
        this.pause = pause;
    }

    /** Starts the stream and reads what comes back, up to a cut; the rest is for {@link #follow}. */
    void start(byte[] request) throws IOException, InterruptedException {
        try (Exchange exchange = new Exchange(port, request, pause)) {
            read(exchange);
        }
    }

    /** Reads to the end of the stream, with as many connections as it takes. Returns what was told. */
    Telling follow() throws IOException, InterruptedException {
        while (!telling.ended()) {
            try (Exchange exchange = new Exchange(port, resume(), pause)) {
                read(exchange);
            }
        }
        return telling;
    }

    /** Reads some events and no more. */
    void taste(int bytes) throws IOException, InterruptedException {
        try (Exchange exchange = new Exchange(port, resume(), pause)) {
            read(exchange, bytes);
        }
    }

    private byte[] resume() {
        List<String> headers = new ArrayList<>(way.headers());
        String query = "";
        if (next > 0 && random.nextBoolean()) {
            headers.add("Last-Event-ID: " + (next - 1));
        } else if (next > 0) {
            query = "?offset=" + next;
        }
        return Http.request("GET", port, "/v1/streams/" + id + query, "", headers.toArray(String[]::new));
    }

    private void read(Exchange exchange) throws IOException, InterruptedException {
        boolean cut = cuts < MAX_CUTS && random.nextInt(3) == 0;
        read(exchange, cut ? 1 + random.nextInt(random.nextInt(1, RARELY_CUT_BYTES)) : UNCUT);
    }

    private void read(Exchange exchange, long maxBytes) throws IOException, InterruptedException {
        Lines lines = way.reader(this::event);
        int status = exchange.status();
        if (status == 202 && way.inPages()) {
            return; // Accepted. What there is to read is asked for.
        }
        if (status != 200) {
            throw new Telling.Fault(script, "HTTP " + status + " at offset " + next + ": " + exchange.text());
        }
        if (!exchange.read(maxBytes, lines::take)) {
            cuts++;
            if (random.nextBoolean()) {
                exchange.reset();
            }
            return;
        }
        lines.end();
        if (!telling.ended() && !way.inPages()) {
            throw new Telling.Fault(script, "the answer ended without a last event, at offset " + next);
        }
    }

    private void event(Map<String, @Nullable Object> event) {
        long offset = Json.number(event, "offset", -1);
        if (offset != next) {
            throw new Telling.Fault(script, "event " + offset + " where " + next + " should be");
        }
        next++;
        switch (String.valueOf(event.get("type"))) {
            case "chunk" -> telling.text(String.valueOf(Json.string(event, "data", "content")));
            case "complete" -> {
                telling.end(Telling.COMPLETE);
                if (!script.text().equals(Json.string(event, "data", "final_response"))) {
                    throw new Telling.Fault(script, "final_response is not the text");
                }
            }
            case "error" -> telling.end(String.valueOf(Json.string(event, "data", "code")));
            default -> {} // A status says nothing of the text.
        }
    }
}
