package dev.sluice.bench.soak;

import dev.sluice.bench.net.Http;
import dev.sluice.bench.upstream.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** One of many who use the gateway at the same time, one visit after the other. What it does follows from its random numbers. */
final class Visitor {

    /** Names of providers as the gateway knows them: each has a breaker of its own, so faults stay where they belong. */
    static final String STEADY = "steady";

    static final String FLAKY = "flaky";
    static final String FAILING = "failing";

    private static final int SLOW_CHUNKS = 300;
    private static final int MAX_READERS = 5;

    private final int port;
    private final List<Format> formats;
    private final List<Way> ways;
    private final boolean sockets;
    private final RandomGenerator random;
    private final Tally tally;

    /**
     * Comes to a gateway.
     *
     * @param sockets whether it has WebSockets
     */
    Visitor(int port, List<Format> formats, List<Way> ways, boolean sockets, RandomGenerator random, Tally tally) {
        this.port = port;
        this.formats = formats;
        this.ways = ways;
        this.sockets = sockets;
        this.random = random;
        this.tally = tally;
    }

    @FunctionalInterface
    private interface Visit {
        void make() throws IOException, InterruptedException;
    }

    /** Makes one visit of a kind that chance decides, the frequent ones more often. */
    void visit() throws InterruptedException {
        switch (random.nextInt(sockets ? 24 : 20)) {
            case 0, 1, 2, 3 -> make("read to the end", this::readToTheEnd);
            case 4, 5 -> make("hang up", this::hangUp);
            case 6 -> make("whole answer", this::wholeAnswer);
            case 7 -> make("read slowly", this::readSlowly);
            case 8 -> make("read nothing", this::readNothing);
            case 9, 10, 11, 12 -> make("resume", this::resume);
            case 13, 14 -> make("several readers", this::severalReaders);
            case 15 -> make("abort", this::abort);
            case 16 -> make("join", this::join);
            case 17, 18 -> make("provider fails once", this::failsOnce);
            case 19 -> make("provider fails", this::fails);
            default -> make("many streams on one socket", this::manyOnOneSocket);
        }
    }

    private void make(String kind, Visit visit) throws InterruptedException {
        try {
            visit.make();
            tally.visited(kind);
        } catch (IOException | RuntimeException e) {
            tally.fault(kind, e);
            Thread.sleep(100); // A gateway that is gone must not be asked as fast as the machine can.
        }
    }

    private Script script() {
        int interval = random.nextInt(3) == 0 ? 0 : random.nextInt(1, 25);
        return Script.of(1 + random.nextInt(60), interval)
                .first(random.nextInt(4) == 0 ? random.nextInt(1, 300) : 0)
                .seeded(seed());
    }

    private long seed() {
        return random.nextLong(1_000_000_000_000L);
    }

    private Format format() {
        return formats.get(random.nextInt(formats.size()));
    }

    private Way way() {
        return ways.get(random.nextInt(ways.size()));
    }

    private static String model(String provider, Script script) {
        return provider + "/" + script.model();
    }

    private void readToTheEnd() throws IOException, InterruptedException {
        Script script = script();
        mustBeComplete(script, tell(STEADY, script, Duration.ZERO));
    }

    private void readSlowly() throws IOException, InterruptedException {
        Script script = Script.of(SLOW_CHUNKS, 0).seeded(seed());
        mustBeComplete(script, tell(STEADY, script, Duration.ofMillis(random.nextInt(1, 20))));
    }

    private Telling tell(String provider, Script script, Duration pause) throws IOException, InterruptedException {
        return OneAnswer.read(port, format(), model(provider, script), script, pause);
    }

    private static void mustBeComplete(Script script, Telling telling) {
        if (!telling.complete()) {
            throw new Telling.Fault(script, "ended with " + telling.how());
        }
    }

    /** Goes away at any byte of the answer, the head's included, politely or not. */
    private void hangUp() throws IOException, InterruptedException {
        Script script = script();
        Format format = format();
        Lines lines = format.reader(new Telling(script));
        try (Exchange exchange = new Exchange(port, format.request(port, model(STEADY, script)), Duration.ZERO)) {
            exchange.read(random.nextInt(5_000), lines::take);
            if (random.nextBoolean()) {
                exchange.reset();
            }
        }
    }

    private void readNothing() throws IOException, InterruptedException {
        Script script = Script.of(SLOW_CHUNKS, 0).seeded(seed());
        try (Exchange exchange =
                new Exchange(port, format().request(port, model(STEADY, script)), Duration.ofMillis(1))) {
            Thread.sleep(random.nextInt(500, 2_000));
            if (random.nextBoolean()) {
                exchange.reset();
            }
        }
    }

    private void wholeAnswer() throws IOException, InterruptedException {
        Script script = script();
        String body = "{\"model\":\"" + model(STEADY, script)
                + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
        byte[] request = Http.request("POST", port, "/v1/chat/completions", body);
        try (Exchange exchange = new Exchange(port, request, Duration.ZERO)) {
            String answer = exchange.text();
            String text = Json.string(Json.object(answer), "choices", 0, "message", "content");
            if (!script.text().equals(text)) {
                throw new Telling.Fault(script, "a whole answer with another text");
            }
        }
    }

    private void resume() throws IOException, InterruptedException {
        Script script = script();
        String id = id();
        Way way = way();
        StreamReader reader = new StreamReader(port, id, way, script, random, Duration.ZERO);
        reader.start(start(id, STEADY, script, way.headers()));
        mustBeComplete(script, reader.follow());
    }

    private void severalReaders() throws IOException, InterruptedException {
        Script script = script();
        String id = id();
        startAsync(id, STEADY, script);
        List<Thread> others = new ArrayList<>();
        for (int i = 1 + random.nextInt(MAX_READERS); i > 0; i--) {
            Visit reading = anotherReader(id, script);
            others.add(Thread.startVirtualThread(() -> follow(reading)));
        }
        mustBeComplete(script, reader(id, script).follow());
        for (Thread other : others) {
            other.join();
        }
    }

    private Visit anotherReader(String id, Script script) {
        if (sockets && random.nextInt(3) == 0) {
            return socketReader().read(id, script)::follow;
        }
        StreamReader reader = reader(id, script);
        return () -> mustBeComplete(script, reader.follow());
    }

    private void follow(Visit reading) {
        try {
            reading.make();
        } catch (IOException | RuntimeException e) {
            tally.fault("one of several readers", e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Random numbers are no thread's but its own, so each reader gets a source of its own. */
    private StreamReader reader(String id, Script script) {
        return new StreamReader(port, id, way(), script, new SplittableRandom(random.nextLong()), pause());
    }

    private SocketReader socketReader() {
        return new SocketReader(port, new SplittableRandom(random.nextLong()), pause());
    }

    private Duration pause() {
        return random.nextInt(8) == 0 ? Duration.ofMillis(3) : Duration.ZERO;
    }

    private void manyOnOneSocket() throws IOException, InterruptedException {
        SocketReader reader = socketReader();
        for (int i = 1 + random.nextInt(MAX_READERS); i > 0; i--) {
            String id = id();
            if (random.nextInt(5) == 0) {
                Script script = Script.of(1_000, 10).seeded(seed());
                reader.startAndAbort(id, script, body(id, STEADY, script));
            } else {
                Script script = script();
                reader.start(id, script, body(id, STEADY, script));
            }
        }
        reader.follow();
    }

    private void abort() throws IOException, InterruptedException {
        Script script = Script.of(1_000, 10).seeded(seed());
        String id = id();
        startAsync(id, STEADY, script);
        StreamReader reader = reader(id, script);
        reader.taste(random.nextInt(1, 3_000));
        int status = Http.ask(port, Http.request("DELETE", port, "/v1/streams/" + id, ""))
                .status();
        Telling telling = reader.follow();
        if (status != 204 || !telling.how().equals("CANCELLED")) {
            throw new Telling.Fault(script, "aborted with HTTP " + status + ", ended with " + telling.how());
        }
    }

    /** The same request under the same name is the same stream. */
    private void join() throws IOException, InterruptedException {
        Script script = script();
        String id = id();
        Way way = way();
        byte[] request = start(id, STEADY, script, way.headers());
        StreamReader first = new StreamReader(port, id, way, script, random, Duration.ZERO);
        StreamReader second = new StreamReader(port, id, way, script, random, Duration.ZERO);
        first.start(request);
        second.start(request);
        mustBeComplete(script, first.follow());
        mustBeComplete(script, second.follow());
    }

    private void failsOnce() throws IOException, InterruptedException {
        Script script = script().failing(status(), 1);
        mustBeComplete(script, tell(FLAKY, script, Duration.ZERO));
    }

    private void fails() throws IOException, InterruptedException {
        Script script = switch (random.nextInt(3)) {
            case 0 -> script().failing(status(), 0);
            case 1 -> Script.of(20, random.nextInt(5)).seeded(seed()).dying(random.nextInt(1, 20));
            default -> Script.of(20, random.nextInt(5)).seeded(seed()).stalling(random.nextInt(1, 20));
        };
        Telling telling = tell(FAILING, script, Duration.ZERO);
        if (telling.complete()) {
            throw new Telling.Fault(script, "complete, although the provider failed");
        }
    }

    private int status() {
        return Stream.of(429, 500, 503, 529).skip(random.nextInt(4)).findFirst().orElse(500);
    }

    private String id() {
        return "soak-" + Long.toString(random.nextLong() >>> 1, 36);
    }

    private void startAsync(String id, String provider, Script script) throws IOException {
        Http.Whole answer = Http.ask(port, start(id, provider, script, List.of("Prefer: respond-async")));
        if (answer.status() != 202) {
            throw new Telling.Fault(script, "HTTP " + answer.status() + " at the start: " + answer.body());
        }
    }

    private byte[] start(String id, String provider, Script script, List<String> headers) {
        return Http.request("POST", port, "/v1/streams", body(id, provider, script), headers.toArray(String[]::new));
    }

    private static String body(String id, String provider, Script script) {
        return "{\"model\":\"" + model(provider, script) + "\",\"stream_id\":\"" + id
                + "\",\"on_disconnect\":\"grace\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    }
}
