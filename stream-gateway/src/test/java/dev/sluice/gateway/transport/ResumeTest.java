package dev.sluice.gateway.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.api.Doubles;
import dev.sluice.gateway.api.PatientProfile;
import dev.sluice.gateway.api.RawClient;
import dev.sluice.gateway.api.UpstreamCall;
import dev.sluice.gateway.api.UpstreamDouble;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The one promise of every way to read: whatever breaks, a reader that comes back misses nothing and sees nothing twice. */
@QuarkusTest
@TestProfile(PatientProfile.class)
class ResumeTest {

    private static final String STREAMS = "/v1/streams";
    private static final String[] PIECES = {"Grüße ", "👋", "\n\n", "\"日本\"", "\r", " end"};

    private final UpstreamDouble upstream = Doubles.upstream();

    private static String start(String model, String more) {
        RawClient client = RawClient.post(
                        STREAMS,
                        "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]" + more
                                + "}",
                        "Prefer: respond-async")
                .toEnd();
        return client.header("location");
    }

    private String ended() {
        String path = start(upstream.model(call -> call.answer(PIECES)), "");
        read(Way.LINES, path, new ArrayList<>());
        return path;
    }

    /** Reads to the end, in as many calls as that takes. */
    private static void read(Way way, String path, List<JsonNode> into) {
        while (into.isEmpty() || !isTerminal(into.getLast())) {
            into.addAll(way.read(path, next(into), Integer.MAX_VALUE).events());
        }
    }

    private static boolean isTerminal(JsonNode event) {
        return List.of("complete", "error").contains(event.path("type").asText());
    }

    private static long next(List<JsonNode> events) {
        return events.isEmpty() ? 0 : events.getLast().path("offset").asLong() + 1;
    }

    private static String text(List<JsonNode> events) {
        StringBuilder text = new StringBuilder();
        for (JsonNode event : events) {
            if (event.path("type").asText().equals("chunk")) {
                text.append(event.at("/data/content").asText());
            }
        }
        return text.toString();
    }

    private static void assertWhole(List<JsonNode> events) {
        for (int i = 0; i < events.size(); i++) {
            assertThat(events.get(i).path("offset").asInt()).isEqualTo(i);
        }
        assertThat(text(events)).isEqualTo(String.join("", PIECES));
        assertThat(events.getLast().at("/data/final_response").asText()).isEqualTo(text(events));
    }

    @ParameterizedTest
    @EnumSource
    void losesNothingWhereverTheConnectionBreaks(Way way) {
        String path = ended();
        int whole = way.read(path, 0, Integer.MAX_VALUE).bytes();

        for (int bytes = 1; bytes <= whole; bytes++) {
            List<JsonNode> events = new ArrayList<>(way.read(path, 0, bytes).events());
            read(way, path, events);
            assertWhole(events);
        }
    }

    @ParameterizedTest
    @EnumSource
    void losesNothingByThreeBreaksInARow(Way way) {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        String path = ended();
        int whole = way.read(path, 0, Integer.MAX_VALUE).bytes();

        for (int i = 0; i < 50; i++) {
            List<JsonNode> events = new ArrayList<>();
            for (int broken = 0; broken < 3 && (events.isEmpty() || !isTerminal(events.getLast())); broken++) {
                events.addAll(
                        way.read(path, next(events), 1 + random.nextInt(whole)).events());
            }
            read(way, path, events);
            assertWhole(events);
        }
    }

    @ParameterizedTest
    @EnumSource
    void resumesWhileTheProviderStalls(Way way) {
        String model = upstream.model();
        String path = start(model, "");
        UpstreamCall call = upstream.next(model).begin();
        for (int i = 0; i < 3; i++) {
            call.text(PIECES[i]);
        }
        RawClient.get(path).until(PIECES[1]).reset();
        List<JsonNode> events = new ArrayList<>(way.read(path, 0, 420).events());

        CompletableFuture<Void> rest = CompletableFuture.runAsync(() -> read(way, path, events));
        for (int i = 3; i < PIECES.length; i++) {
            call.text(PIECES[i]);
        }
        call.finish();

        rest.join();
        assertWhole(events);
    }

    @ParameterizedTest
    @EnumSource
    void twoReadersWithBreaksOfTheirOwnBothGetAll(Way way) {
        String model = upstream.model();
        String path = start(model, "");
        UpstreamCall call = upstream.next(model).begin();
        List<CompletableFuture<List<JsonNode>>> readers = new ArrayList<>();
        for (int cut : new int[] {200, 333}) {
            readers.add(CompletableFuture.supplyAsync(() -> {
                List<JsonNode> events = new ArrayList<>(way.read(path, 0, cut).events());
                read(way, path, events);
                return events;
            }));
        }

        for (String piece : PIECES) {
            call.text(piece);
        }
        call.finish();

        readers.forEach(reader -> assertWhole(reader.join()));
    }

    @ParameterizedTest
    @EnumSource
    void saysWhatIsNoLongerKept(Way way) {
        String filler = "x".repeat(10_000);
        String model = upstream.model();
        String path = start(model, ",\"on_disconnect\":\"drain\"");
        UpstreamCall call = upstream.next(model).begin();
        for (int i = 0; i < 200; i++) {
            call.text(filler);
        }
        call.finish();

        List<JsonNode> events = new ArrayList<>();
        RawClient.get(path + "?offset=0").discardUntil("\"complete\"");
        events.addAll(way.read(path, 4, Integer.MAX_VALUE).events());
        assertThat(events.getFirst().path("type").asText()).isEqualTo("reset");
        long first = events.getFirst().at("/data/first_offset").asLong();
        assertThat(first).isBetween(5L, 200L);
        if (events.size() > 1) {
            assertThat(events.get(1).path("offset").asLong()).isEqualTo(first);
        }
        while (!isTerminal(events.getLast())) {
            events.addAll(way.read(path, next(events), Integer.MAX_VALUE).events());
        }
        for (int i = 1; i < events.size(); i++) {
            assertThat(events.get(i).path("offset").asLong()).isEqualTo(first + i - 1);
        }
    }

    @Test
    void lineReaderSeesItIsConnectedBeforeTheProviderSaysAnything() {
        String model = upstream.model();
        String path = start(model, "");

        RawClient client = RawClient.get(path, "Accept: application/x-ndjson").until("connecting");

        assertThat(client.header("content-type")).isEqualTo("application/x-ndjson");
        assertThat(client.body()).startsWith("\n{\"type\":\"status\"");
        upstream.next(model).answer("x");
        client.toEnd();
    }
}
