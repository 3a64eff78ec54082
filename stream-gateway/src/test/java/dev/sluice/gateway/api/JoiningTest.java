package dev.sluice.gateway.api;

import static dev.sluice.gateway.api.ChatBody.body;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The same request under the same name is one generation, however often it is sent. */
@QuarkusTest
@TestProfile(PatientProfile.class)
class JoiningTest {

    private static final String STREAMS = "/v1/streams";
    private static final AtomicInteger NAMES = new AtomicInteger();

    private final UpstreamDouble upstream = Doubles.upstream();
    private final String name = "join-" + NAMES.incrementAndGet();
    private final String key = "Idempotency-Key: " + name;

    @Test
    void hundredAtTheSameTimeMakeOneUpstreamCallAndAllGetTheWholeText() throws Exception {
        int clients = 100;
        String model = upstream.model(call -> call.answer("one ", "text ", "for ", "all"));
        CyclicBarrier together = new CyclicBarrier(clients);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<RawClient>> answers = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                answers.add(threads.submit(() -> {
                    together.await();
                    return RawClient.post(STREAMS, body(model, ""), key).toEnd();
                }));
            }
            for (Future<RawClient> answer : answers) {
                assertThat(answer.get().status()).isEqualTo(200);
                assertThat(answer.get().header("x-stream-id")).isEqualTo(name);
                assertThat(answer.get().frames().text()).isEqualTo("one text for all");
                assertThat(answer.get().frames().last().type()).isEqualTo("complete");
            }
        }
        assertThat(upstream.calls(model)).isEqualTo(1);
    }

    @Test
    void sameJsonWrittenDifferentlyJoins() {
        String model = upstream.model(call -> call.answer("once"));
        String first = RawClient.post(STREAMS, body(model, ",\"temperature\":1,\"stream_id\":\"" + name + "\""))
                .toEnd()
                .body();

        String otherwise = "{ \"stream\":true, \"temperature\" : 1.0,\n \"messages\": [ {\"content\":\"\\u0048i\","
                + "\"role\":\"user\"} ], \"model\":\"" + model + "\" }";

        assertThat(RawClient.post(STREAMS, otherwise, key).toEnd().body()).isEqualTo(first);
        assertThat(upstream.calls(model)).isEqualTo(1);
    }

    @Test
    void otherJsonIsAConflict() {
        String model = upstream.model(call -> call.answer("once"));
        RawClient.post(STREAMS, body(model, ""), key).toEnd();

        for (String more : List.of(
                ",\"temperature\":1",
                ",\"fallbacks\":[\"demo\"]",
                ",\"on_disconnect\":\"drain\"",
                ",\"sluice\":{\"simulate\":{}}",
                ",\"unknown\":null")) {
            assertThat(RawClient.post(STREAMS, body(model, more), key).toEnd().status())
                    .as(more)
                    .isEqualTo(409);
        }
        assertThat(RawClient.post(STREAMS, body("demo", ""), key).toEnd().status())
                .isEqualTo(409);
        assertThat(upstream.calls(model)).isEqualTo(1);
    }

    @Test
    void nameInFieldAndHeaderIsOneName() {
        String model = upstream.model(call -> call.answer("once"));
        String first = RawClient.post(STREAMS, body(model, ""), key).toEnd().body();

        RawClient both = RawClient.post(STREAMS, body(model, ",\"stream_id\":\"" + name + "\""), key)
                .toEnd();

        assertThat(both.body()).isEqualTo(first);
        assertThat(upstream.calls(model)).isEqualTo(1);
    }

    @Test
    void twoDifferentNamesAreRefused() {
        String model = upstream.model(call -> call.answer("never"));

        RawClient client = RawClient.post(STREAMS, body(model, ",\"stream_id\":\"" + name + "-other\""), key)
                .toEnd();

        assertThat(client.status()).isEqualTo(400);
        assertThat(Json.read(client.body()).at("/error/param").asText()).isEqualTo("Idempotency-Key");
        assertThat(upstream.calls(model)).isZero();
    }

    @Test
    void joinsAnEndedStreamHoweverItEnded() {
        String model = upstream.model(call -> call.begin().text("Hel").reset());
        String first = RawClient.post(STREAMS, body(model, ""), key).toEnd().body();

        assertThat(first).contains("\"NETWORK\"");
        assertThat(RawClient.post(STREAMS, body(model, ""), key).toEnd().body()).isEqualTo(first);
        assertThat(upstream.calls(model)).isEqualTo(1);
    }

    @Test
    void asynchronousStartAndReadingJoinEachOther() {
        String model = upstream.model();
        RawClient started = RawClient.post(STREAMS, body(model, ""), key, "Prefer: respond-async")
                .toEnd();
        UpstreamCall call = upstream.next(model);
        RawClient reading = RawClient.post(STREAMS, body(model, ""), key).until("connecting");
        RawClient again = RawClient.post(STREAMS, body(model, ""), key, "Prefer: respond-async")
                .toEnd();

        call.answer("once");

        assertThat(started.status()).isEqualTo(202);
        assertThat(again.body()).isEqualTo(started.body());
        assertThat(reading.toEnd().frames().text()).isEqualTo("once");
        assertThat(upstream.calls(model)).isEqualTo(1);
    }

    @Test
    void completionsNameIsTakenToo() {
        String model = upstream.model(call -> call.answer("a completion"));
        RawClient completion =
                RawClient.post("/v1/chat/completions", body(model, "")).toEnd();

        RawClient client = RawClient.post(
                        STREAMS, body(model, ""), "Idempotency-Key: " + completion.header("x-stream-id"))
                .toEnd();

        JsonNode error = Json.read(client.body()).path("error");
        assertThat(client.status()).isEqualTo(409);
        assertThat(error.path("code").asText()).isEqualTo("CONFLICT");
    }
}
