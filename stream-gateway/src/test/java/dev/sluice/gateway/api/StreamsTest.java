package dev.sluice.gateway.api;

import static dev.sluice.gateway.api.ChatBody.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.admission.AdmissionGate;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(PatientProfile.class)
class StreamsTest {

    private static final String PATH = "/v1/streams";
    private static final AtomicInteger NAMES = new AtomicInteger();

    private final UpstreamDouble upstream = Doubles.upstream();

    @Inject
    AdmissionGate gate;

    private static String path(RawClient client) {
        return PATH + "/" + client.header("x-stream-id");
    }

    /** Returns the path of a stream that has ended. */
    private String ended(String... contents) {
        String model = upstream.model(call -> call.answer(contents));
        return path(RawClient.post(PATH, body(model, "")).toEnd());
    }

    @Test
    void tellsEveryStepInDenseOffsetsAndEndsOnce() {
        String model = upstream.model(call -> call.answer("Grüße ", "👋"));

        RawClient client = RawClient.post(PATH, body(model, "")).toEnd();

        Frames frames = client.frames();
        assertThat(client.status()).isEqualTo(200);
        assertThat(frames.comments()).containsExactly("stream " + client.header("x-stream-id"));
        assertThat(frames.types()).containsExactly("status", "status", "status", "chunk", "chunk", "complete");
        assertThat(frames.phases()).containsExactly("accepted", "connecting", "streaming");
        assertThat(frames.events()).extracting(Frames.Frame::id).containsExactly("0", "1", "2", "3", "4", "5");
        assertThat(frames.events())
                .extracting(frame -> frame.json().path("offset").asInt())
                .containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(frames.events())
                .allSatisfy(frame -> assertThat(frame.event()).isNull());
        JsonNode end = frames.last().json().path("data");
        assertThat(end.path("final_response").asText()).isEqualTo("Grüße 👋").isEqualTo(frames.text());
        assertThat(end.path("finish_reason").asText()).isEqualTo("stop");
        assertThat(end.path("provider").asText()).isEqualTo("upstream");
        assertThat(end.path("model").asText()).isEqualTo("real-model");
        assertThat(end.at("/usage/total_tokens").asInt()).isEqualTo(10);
    }

    @Test
    void firstBytesComeBeforeTheProviderSaysAnything() {
        String model = upstream.model();

        RawClient client = RawClient.post(PATH, body(model, "")).until("connecting");

        assertThat(client.status()).isEqualTo(200);
        upstream.next(model).answer("x");
        client.toEnd();
    }

    @Test
    void resumesAfterTheEndFromEveryOffset() {
        String path = ended("a", "b", "c", "d");
        Frames all = RawClient.get(path).toEnd().frames();
        int size = all.events().size();

        for (int from = 0; from < size; from++) {
            List<Frames.Frame> rest = all.events().subList(from, size);
            assertThat(RawClient.get(path + "?offset=" + from).toEnd().frames().events())
                    .isEqualTo(rest);
            if (from > 0) {
                assertThat(RawClient.get(path, "Last-Event-ID: " + (from - 1))
                                .toEnd()
                                .frames()
                                .events())
                        .isEqualTo(rest);
            }
        }
    }

    @Test
    void resumesWhileRunningFromEveryOffset() {
        String model = upstream.model();
        RawClient first = RawClient.post(PATH, body(model, ""));
        UpstreamCall call = upstream.next(model).begin().text("a").text("b").text("c");
        first.until("\"c\"");

        List<RawClient> readers = IntStream.rangeClosed(0, 6)
                .mapToObj(from -> RawClient.get(path(first) + "?offset=" + from).until(RawClient::hasHead))
                .toList();
        call.text("d").finish();

        Frames all = first.toEnd().frames();
        for (int from = 0; from < readers.size(); from++) {
            assertThat(readers.get(from).toEnd().frames().events())
                    .isEqualTo(all.events().subList(from, all.events().size()));
        }
    }

    /** There is no body to read, so it must not count as a reader. */
    @Test
    void askingForTheHeadAloneIsNotReading() {
        String model = upstream.model();
        RawClient client =
                RawClient.post(PATH, body(model, ""), "Prefer: respond-async").toEnd();
        UpstreamCall call = upstream.next(model).begin().text("a");

        RawClient head = RawClient.connect().send(RawClient.request("HEAD", path(client), new byte[0]));

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("content-type")).isEqualTo("text/event-stream; charset=utf-8");
        assertThat(Json.read(RawClient.get(path(client) + "/status").toEnd().body())
                        .path("readers")
                        .asInt())
                .isZero();
        call.finish();
    }

    @Test
    void lastEventIdWinsOverTheOffset() {
        String path = ended("a", "b");

        Frames frames =
                RawClient.get(path + "?offset=0", "Last-Event-ID: 3").toEnd().frames();

        assertThat(frames.events().getFirst().id()).isEqualTo("4");
    }

    /** Whatever part of the response got through, nothing is lost and nothing is repeated. */
    @Test
    void readerThatDiesAfterAnyByteLosesNothing() {
        String path = ended("Grüße ", "👋", "\n\n", "日本");
        RawClient whole = RawClient.get(path).toEnd();
        List<Frames.Frame> all = whole.frames().events();

        for (int bytes = 0; bytes <= whole.receivedBytes(); bytes++) {
            RawClient dying = RawClient.get(path).read(bytes);
            List<Frames.Frame> before = dying.frames().events();
            dying.reset();
            try (RawClient next = before.isEmpty()
                    ? RawClient.get(path)
                    : RawClient.get(path, "Last-Event-ID: " + before.getLast().id())) {
                List<Frames.Frame> after =
                        next.status() == 204 ? List.of() : next.toEnd().frames().events();

                assertThat(before.size() + after.size())
                        .as("dead after %d bytes", bytes)
                        .isEqualTo(all.size());
                assertThat(all.subList(0, before.size())).isEqualTo(before);
                assertThat(all.subList(before.size(), all.size())).isEqualTo(after);
            }
        }
    }

    @Test
    void readerThatDiesOverAndOverLosesNothingOfARunningStream() {
        RawClient client = RawClient.post(
                PATH, body("demo", ",\"sluice\":{\"simulate\":{\"chunks\":120,\"first_ms\":0,\"interval_ms\":5}}"));
        String path = path(client);
        StringBuilder text = new StringBuilder();
        int deaths = 0;
        long next = 0;
        while (true) {
            client.read(1 + 37 * (deaths % 61));
            boolean over = client.complete();
            for (Frames.Frame frame : client.frames().events()) {
                assertThat(frame.id()).isEqualTo(Long.toString(next++));
                if (frame.type().equals("chunk")) {
                    text.append(frame.json().at("/data/content").asText());
                }
                if (frame.type().equals("complete")) {
                    over = true;
                    assertThat(frame.json().at("/data/final_response").asText()).isEqualTo(text.toString());
                }
            }
            client.reset();
            if (over) {
                break;
            }
            deaths++;
            assertThat(deaths).isLessThan(10_000);
            client = RawClient.get(path + "?offset=" + next, "Connection: close");
        }
        assertThat(deaths).isGreaterThan(20);
        assertThat(text).isNotEmpty();
    }

    @Test
    void twoReadersSeeTheSame() {
        String model = upstream.model();
        RawClient first = RawClient.post(PATH, body(model, ""));
        RawClient second = RawClient.get(path(first));

        UpstreamCall call = upstream.next(model).begin().text("a");
        first.until("\"a\"");
        second.until("\"a\"");
        call.text("b").finish();

        assertThat(second.toEnd().body()).isEqualTo(first.toEnd().body());
        assertThat(upstream.calls(model)).isEqualTo(1);
    }

    @Test
    void readerThatReadAllIsToldNotToComeBack() {
        String path = ended("a");

        RawClient client = RawClient.get(path, "Last-Event-ID: 4").toEnd();

        assertThat(client.status()).isEqualTo(204);
        assertThat(client.body()).isEmpty();
    }

    @Test
    void asynchronousStartIsReadLater() {
        String model = upstream.model(call -> call.answer("later"));

        RawClient client =
                RawClient.post(PATH, body(model, ""), "Prefer: respond-async").toEnd();

        String id = client.header("x-stream-id");
        assertThat(client.status()).isEqualTo(202);
        assertThat(client.header("location")).endsWith(PATH + "/" + id);
        assertThat(Json.read(client.body())).isEqualTo(Json.read("{\"stream_id\":\"" + id + "\"}"));
        assertThat(RawClient.get(PATH + "/" + id).toEnd().frames().text()).isEqualTo("later");
    }

    @Test
    void sameRequestUnderTheSameNameJoins() {
        String model = upstream.model(call -> call.answer("once"));
        String name = "name-" + NAMES.incrementAndGet();
        String request = body(model, ",\"stream_id\":\"" + name + "\"");

        String first = RawClient.post(PATH, request).toEnd().body();
        String second = RawClient.post(PATH, request).toEnd().body();

        assertThat(second).isEqualTo(first).contains("stream " + name);
        assertThat(upstream.calls(model)).isEqualTo(1);
    }

    @Test
    void sameIdempotencyKeyJoinsWhileRunning() {
        String model = upstream.model();
        String key = "Idempotency-Key: key-" + NAMES.incrementAndGet();
        List<RawClient> clients = IntStream.range(0, 8)
                .mapToObj(_ -> RawClient.post(PATH, body(model, ""), key))
                .toList();

        upstream.next(model).answer("once");

        assertThat(clients)
                .allSatisfy(client -> assertThat(client.toEnd().frames().text()).isEqualTo("once"));
        assertThat(upstream.calls(model)).isEqualTo(1);
    }

    @Test
    void otherRequestUnderATakenNameIsAConflict() {
        String model = upstream.model(call -> call.answer("once"));
        String name = "name-" + NAMES.incrementAndGet();
        RawClient.post(PATH, body(model, ",\"stream_id\":\"" + name + "\"")).toEnd();

        RawClient other = RawClient.post(PATH, body(model, ",\"stream_id\":\"" + name + "\",\"temperature\":1"))
                .toEnd();

        assertThat(other.status()).isEqualTo(409);
        assertThat(other.header("x-should-retry")).isEqualTo("false");
        assertThat(Json.read(other.body()).at("/error/code").asText()).isEqualTo("CONFLICT");
        assertThat(upstream.calls(model)).isEqualTo(1);
    }

    @Test
    void abortClosesTheUpstreamAndKeepsWhatCame() {
        String model = upstream.model();
        RawClient client = RawClient.post(PATH, body(model, ""));
        UpstreamCall call = upstream.next(model).begin().text("kept");
        client.until("kept");

        assertThat(RawClient.delete(path(client)).toEnd().status()).isEqualTo(204);

        call.awaitClosed();
        Frames frames = client.toEnd().frames();
        assertThat(frames.last().type()).isEqualTo("error");
        JsonNode error = frames.last().json().path("data");
        assertThat(error.path("code").asText()).isEqualTo("CANCELLED");
        assertThat(error.path("partial").asBoolean()).isTrue();
        assertThat(RawClient.get(path(client)).toEnd().body()).isEqualTo(client.body());
        assertThat(RawClient.delete(path(client)).toEnd().status()).isEqualTo(204);
        assertThat(RawClient.get(path(client)).toEnd().frames().events()).isEqualTo(frames.events());
        await().untilAsserted(() -> assertThat(gate.inUse()).isZero());
    }

    @Test
    void abortOfAnEndedStreamChangesNothing() {
        String path = ended("a");
        String before = RawClient.get(path).toEnd().body();

        assertThat(RawClient.delete(path).toEnd().status()).isEqualTo(204);

        assertThat(RawClient.get(path).toEnd().body()).isEqualTo(before);
    }

    @Test
    void toolCallsAndReasoningHaveEventsOfTheirOwn() {
        Frames frames = RawClient.post(
                        PATH,
                        body(
                                "demo",
                                ",\"sluice\":{\"simulate\":{\"chunks\":1,\"first_ms\":0,\"interval_ms\":0,"
                                        + "\"reasoning\":2,\"tool_call\":true}}"))
                .toEnd()
                .frames();

        assertThat(frames.types())
                .containsSubsequence("reasoning", "reasoning", "chunk", "tool_call", "tool_call", "complete");
        JsonNode first = frames.events().stream()
                .filter(frame -> frame.type().equals("tool_call"))
                .findFirst()
                .orElseThrow()
                .json()
                .path("data");
        assertThat(Json.names(first)).containsExactly("arguments", "id", "index", "name");
        assertThat(first.path("name").asText()).isEqualTo("get_weather");
        assertThat(frames.last().json().at("/data/finish_reason").asText()).isEqualTo("tool_calls");
    }
}
