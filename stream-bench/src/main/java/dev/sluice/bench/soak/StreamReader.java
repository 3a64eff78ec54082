package dev.sluice.bench.soak;

import dev.sluice.bench.net.Http;
import dev.sluice.bench.upstream.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** One reader of a stream in Sluice's own format, who loses the connection now and then and comes back. */
final class StreamReader {

    private static final long UNCUT = Long.MAX_VALUE;
    private static final int RARELY_CUT_BYTES = 20_000;
    private static final int MAX_CUTS = 4;

    private final int port;
    private final Way way;
    private final Following following;
    private final RandomGenerator random;
    private final Duration pause;
    private int cuts;

    StreamReader(int port, String id, Way way, Script script, RandomGenerator random, Duration pause) {
        this.port = port;
        this.way = way;
        this.following = new Following(id, script);
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
        while (!following.ended()) {
            try (Exchange exchange = new Exchange(port, resume(), pause)) {
                read(exchange);
            }
        }
        return following.telling();
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
        long next = following.next();
        if (next > 0 && random.nextBoolean()) {
            headers.add("Last-Event-ID: " + (next - 1));
        } else if (next > 0) {
            query = "?offset=" + next;
        }
        return Http.request("GET", port, "/v1/streams/" + following.id() + query, "", headers.toArray(String[]::new));
    }

    private void read(Exchange exchange) throws IOException, InterruptedException {
        boolean cut = cuts < MAX_CUTS && random.nextInt(3) == 0;
        read(exchange, cut ? 1 + random.nextInt(random.nextInt(1, RARELY_CUT_BYTES)) : UNCUT);
    }

    private void read(Exchange exchange, long maxBytes) throws IOException, InterruptedException {
        Lines lines = way.reader(following::event);
        int status = exchange.status();
        if (status == 202 && way.inPages()) {
            return; // Accepted. What there is to read is asked for.
        }
        if (status != 200) {
            throw following.fault("HTTP " + status + ": " + exchange.text());
        }
        if (!exchange.read(maxBytes, lines::take)) {
            cuts++;
            if (random.nextBoolean()) {
                exchange.reset();
            }
            return;
        }
        lines.end();
        if (!following.ended() && !way.inPages()) {
            throw following.fault("the answer ended without a last event");
        }
    }
}
