package dev.sluice.gateway.transport;

import static dev.sluice.gateway.api.ChatBody.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.admission.AdmissionGate;
import dev.sluice.gateway.api.Doubles;
import dev.sluice.gateway.api.Frames;
import dev.sluice.gateway.api.Json;
import dev.sluice.gateway.api.RawClient;
import dev.sluice.gateway.api.StrictProfile;
import dev.sluice.gateway.api.UpstreamCall;
import dev.sluice.gateway.api.UpstreamDouble;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens by itself as time passes: heartbeats (200 ms here), the end of grace (300 ms here), the breaker's pause. */
@QuarkusTest
@TestProfile(StrictProfile.class)
class ClocksTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String STREAMS = "/v1/streams";
    private static final String HEARTBEAT = ": heartbeat\n\n";

    private final UpstreamDouble upstream = Doubles.upstream();

    @Inject
    AdmissionGate gate;

    @Inject
    MeterRegistry meters;

    private static RawClient start(String path, String model, String more) {
        return RawClient.post(path, body(model, more), StrictProfile.ALICE);
    }

    @AfterEach
    void nothingIsHeldAnyMore() {
        await().atMost(Duration.ofSeconds(5)).until(() -> gate.inUse() == 0);
    }

    @Test
    void silentStreamIsKeptWarmBetweenEvents() {
        String model = upstream.model();
        RawClient client = start(STREAMS, model, "");
        UpstreamCall call = upstream.next(model).begin().text("a");

        client.until(HEARTBEAT + HEARTBEAT);
        call.text("b").finish();

        Frames frames = client.toEnd().frames();
        assertThat(frames.text()).isEqualTo("ab");
        assertThat(frames.types()).containsExactly("status", "status", "status", "chunk", "chunk", "complete");
        assertThat(frames.events()).extracting(Frames.Frame::id).containsExactly("0", "1", "2", "3", "4", "5");
        assertThat(client.body()).doesNotContain("heartbeat\n\n: heartbeat\n\nid: 5");
    }

    /** The client-write clock is 400 ms here. */
    @Test
    void readerThatReadsNothingIsLetGoAndCanResumeWhereItWas() {
        String model = upstream.model();
        String filler = "x".repeat(10_000);
        RawClient quick = start(STREAMS, model, "");
        UpstreamCall call = upstream.next(model).begin().text("begin");
        String path = STREAMS + "/" + quick.until("begin").header("x-stream-id");
        RawClient stuck = RawClient.connect(4_096)
                .send(RawClient.request("GET", path, new byte[0], StrictProfile.ALICE))
                .until("begin");

        double before = tooSlow();
        for (int i = 0; i < 500; i++) {
            call.text(filler);
            quick.discardUntil(filler);
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> tooSlow() == before + 1);
        while (!stuck.closedByServer()) {}
        call.text("the end").finish();

        List<Frames.Frame> got = stuck.frames().events();
        assertThat(got.getLast().json().path("offset").asInt()).isLessThan(500);
        Frames rest = RawClient.get(
                        path,
                        StrictProfile.ALICE,
                        "Last-Event-ID: " + got.getLast().id())
                .toEnd()
                .frames();
        assertThat(rest.events().getFirst().type()).isIn("chunk", "reset");
        assertThat(rest.last().type()).isEqualTo("complete");
        quick.close();
    }

    /** The last event repeats the whole answer, and can be larger than what sockets take at once. */
    @Test
    void readerThatDoesNotReadTheEndIsLetGoToo() {
        String model = upstream.model(call -> call.answer("x".repeat(900_000)));
        RawClient first = start(STREAMS, model, "").toEnd();
        String path = STREAMS + "/" + first.header("x-stream-id") + "?offset=4";
        RawClient stuck = RawClient.connect(4_096)
                .send(RawClient.request("GET", path, new byte[0], StrictProfile.ALICE))
                .until(RawClient::hasHead);
        double before = tooSlow();

        await().atMost(Duration.ofSeconds(10)).until(() -> tooSlow() == before + 1);
        while (!stuck.closedByServer()) {}

        assertThat(stuck.complete()).isFalse();
        assertThat(RawClient.get(path, StrictProfile.ALICE)
                        .toEnd()
                        .frames()
                        .last()
                        .type())
                .isEqualTo("complete");
    }

    /** Nothing that it could send or read would tell such a client more: its connection is gone, whatever was asked for. */
    @ParameterizedTest
    @ValueSource(strings = {"text/event-stream", "application/x-ndjson", "application/json", "whole"})
    void clientThatNeverReadsLosesItsConnection(String accept) {
        String model = upstream.model(call -> call.answer("x".repeat(900_000)));
        String path = STREAMS + "/" + start(STREAMS, model, "").toEnd().header("x-stream-id");
        byte[] request = accept.equals("whole")
                ? RawClient.request("POST", CHAT, body(model, "").getBytes(StandardCharsets.UTF_8), StrictProfile.ALICE)
                : RawClient.request("GET", path, new byte[0], StrictProfile.ALICE, "Accept: " + accept);
        double before = tooSlow();
        long asked = System.nanoTime();

        RawClient stuck = RawClient.connect(4_096).send(request);
        await().pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(10))
                .until(stuck::isCut);

        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked)).isBetween(400L, 3_000L);
        assertThat(tooSlow()).isEqualTo(before + 1);
        assertThat(RawClient.connect().send(request).toEnd().body()).contains("x".repeat(900_000));
        stuck.close();
    }

    private double tooSlow() {
        return meters.get("sluice.readers.too.slow").counter().count();
    }

    @Test
    void busyStreamNeedsNoHeartbeat() {
        RawClient client = start(
                        STREAMS,
                        "demo",
                        ",\"sluice\":{\"simulate\":{\"chunks\":30,\"first_ms\":20,\"interval_ms\":20}}")
                .toEnd();

        assertThat(client.frames().comments()).hasSize(1);
    }

    @Test
    void heldHeadGoesOutWithTheFirstHeartbeat() {
        String model = upstream.model();
        long started = System.nanoTime();
        RawClient client = start(CHAT, model, ",\"stream\":true").until(HEARTBEAT);
        long waited = System.nanoTime() - started;
        client.until(HEARTBEAT + HEARTBEAT);
        upstream.next(model).answer("at last");

        assertThat(client.status()).isEqualTo(200);
        assertThat(TimeUnit.NANOSECONDS.toMillis(waited)).isBetween(180L, 1_000L);
        Frames frames = client.toEnd().frames();
        assertThat(frames.completionText()).isEqualTo("at last");
        assertThat(frames.comments()).hasSizeGreaterThanOrEqualTo(2).containsOnly("heartbeat");
    }

    /** Once a heartbeat has gone out, the status is said: what fails then is an event. */
    @Test
    void failureAfterAHeartbeatIsAnErrorEvent() {
        String model = upstream.model();
        RawClient client = start(CHAT, model, ",\"stream\":true").until(HEARTBEAT);

        upstream.next(model).refuse("400 Bad Request", "", "{\"error\":{\"message\":\"no\"}}");

        List<Frames.Frame> events = client.toEnd().frames().events();
        assertThat(client.status()).isEqualTo(200);
        assertThat(events).hasSize(2);
        assertThat(events.getFirst().event()).isEqualTo("error");
        assertThat(events.getFirst().json().at("/error/code").asText()).isEqualTo("PROVIDER_REJECTED");
        assertThat(events.getLast().data()).isEqualTo("[DONE]");
    }

    @Test
    void streamThatNobodyReadsAnyMoreEndsWhenGraceIsOver() {
        String model = upstream.model();
        RawClient client = start(STREAMS, model, "");
        UpstreamCall call = upstream.next(model).begin().text("a");
        String path = STREAMS + "/" + client.until("\"a\"").header("x-stream-id");
        long left = System.nanoTime();

        client.reset();

        long waited = TimeUnit.NANOSECONDS.toMillis(call.awaitClosed() - left);
        assertThat(waited).isBetween(290L, 1_000L);
        Frames frames = RawClient.get(path, StrictProfile.ALICE).toEnd().frames();
        assertThat(frames.text()).isEqualTo("a");
        assertThat(frames.last().json().at("/data/code").asText()).isEqualTo("CANCELLED");
    }

    @Test
    void readerThatComesBackInTimeEndsTheGrace() {
        String model = upstream.model();
        RawClient client = start(STREAMS, model, "");
        UpstreamCall call = upstream.next(model).begin().text("a");
        String path = STREAMS + "/" + client.until("\"a\"").header("x-stream-id");

        client.reset();
        RawClient back = RawClient.get(path, StrictProfile.ALICE).until(HEARTBEAT + HEARTBEAT + HEARTBEAT);

        assertThat(call.isClosed()).isFalse();
        call.text("b").finish();
        assertThat(back.toEnd().frames().text()).isEqualTo("ab");
    }

    /** Nobody has read it yet, so nobody has left: an asynchronous start is not ended by the grace for readers. */
    @Test
    void asynchronousStartRunsUnread() {
        String model = upstream.model();
        RawClient client = RawClient.post(STREAMS, body(model, ""), StrictProfile.ALICE, "Prefer: respond-async")
                .toEnd();
        UpstreamCall call = upstream.next(model).begin().text("a");

        await().during(Duration.ofMillis(600)).until(() -> !call.isClosed());
        call.finish();

        assertThat(RawClient.get(client.header("location").replaceFirst("http://[^/]*", ""), StrictProfile.ALICE)
                        .toEnd()
                        .frames()
                        .text())
                .isEqualTo("a");
    }

    @Test
    void providerThatFailsTooOftenIsLeftAloneForAWhile() {
        String model = upstream.model(call -> call.refuse("500 Internal Server Error", "", "{}"));
        String well = upstream.model(call -> call.answer("recovered"));
        start(CHAT, model, "").toEnd();
        start(CHAT, model, "").toEnd();
        int calls = upstream.calls(model);

        RawClient blocked = start(CHAT, well, ",\"stream\":true").toEnd();

        assertThat(calls).isEqualTo(5);
        assertThat(blocked.status()).isEqualTo(503);
        assertThat(blocked.header("retry-after")).isEqualTo("1");
        assertThat(Json.read(blocked.body()).at("/error/code").asText()).isEqualTo("CIRCUIT_OPEN");
        await().atMost(Duration.ofSeconds(3))
                .untilAsserted(() -> assertThat(start(CHAT, well, ",\"stream\":true")
                                .toEnd()
                                .frames()
                                .completionText())
                        .isEqualTo("recovered"));
    }
}
