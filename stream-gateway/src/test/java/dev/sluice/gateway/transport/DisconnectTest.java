package dev.sluice.gateway.transport;

import static dev.sluice.gateway.api.ChatBody.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.admission.AdmissionGate;
import dev.sluice.gateway.api.Doubles;
import dev.sluice.gateway.api.PatientProfile;
import dev.sluice.gateway.api.RawClient;
import dev.sluice.gateway.api.UpstreamCall;
import dev.sluice.gateway.api.UpstreamDouble;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client that goes away leaves behind: nothing, and soon. */
@QuarkusTest
@TestProfile(PatientProfile.class)
class DisconnectTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String STREAMS = "/v1/streams";
    private static final int ROUNDS = 20;
    private static final long MOST_MILLIS = 100;

    private final UpstreamDouble upstream = Doubles.upstream();

    @Inject
    AdmissionGate gate;

    @Inject
    MeterRegistry meters;

    @Inject
    Vertx vertx;

    enum Goodbye {
        FIN,
        RST;

        long say(RawClient client) {
            long now = System.nanoTime();
            switch (this) {
                case FIN -> client.close();
                case RST -> client.reset();
            }
            return now;
        }
    }

    @AfterEach
    void nothingIsHeldAnyMore() {
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
            assertThat(gate.inUse()).isZero();
            assertThat(meters.get("sluice.streams.active").gauge().value()).isZero();
        });
    }

    private interface Round {
        long closeMillis();
    }

    /** The first rounds warm up; of the others, all but one must be quick, since the machine has other things to do too. */
    private static void assertQuick(String what, Round round) {
        for (int i = 0; i < 5; i++) {
            round.closeMillis();
        }
        long[] micros = new long[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            micros[i] = round.closeMillis();
        }
        Arrays.sort(micros);
        System.out.printf(
                "client gone, upstream closed; %s: median %d us, p95 %d us, max %d us%n",
                what, micros[ROUNDS / 2], micros[ROUNDS - 2], micros[ROUNDS - 1]);
        assertThat(TimeUnit.MICROSECONDS.toMillis(micros[ROUNDS - 2])).isLessThan(MOST_MILLIS);
    }

    private static long micros(long from, long to) {
        return TimeUnit.NANOSECONDS.toMicros(to - from);
    }

    @ParameterizedTest
    @EnumSource
    void inTheMiddleOfAStreamClosesTheUpstream(Goodbye goodbye) {
        String model = upstream.model();
        assertQuick("mid-stream " + goodbye, () -> {
            RawClient client = RawClient.post(CHAT, body(model, ",\"stream\":true"));
            UpstreamCall call = upstream.next(model).begin().text("x");
            client.until("\"x\"");
            return micros(goodbye.say(client), call.awaitClosed());
        });
    }

    @ParameterizedTest
    @EnumSource
    void beforeTheFirstChunkClosesTheUpstream(Goodbye goodbye) {
        String model = upstream.model();
        assertQuick("head held " + goodbye, () -> {
            RawClient client = RawClient.post(CHAT, body(model, ",\"stream\":true"));
            UpstreamCall call = upstream.next(model);
            return micros(goodbye.say(client), call.awaitClosed());
        });
    }

    @ParameterizedTest
    @EnumSource
    void whileAWholeAnswerIsAwaitedClosesTheUpstream(Goodbye goodbye) {
        String model = upstream.model();
        assertQuick("whole answer " + goodbye, () -> {
            RawClient client = RawClient.post(CHAT, body(model, ""));
            UpstreamCall call = upstream.next(model).begin().text("x");
            return micros(goodbye.say(client), call.awaitClosed());
        });
    }

    @ParameterizedTest
    @EnumSource
    void fromAStreamToBeCancelledClosesTheUpstream(Goodbye goodbye) {
        String model = upstream.model();
        assertQuick("on_disconnect=cancel " + goodbye, () -> {
            RawClient client = RawClient.post(STREAMS, body(model, ",\"on_disconnect\":\"cancel\""));
            UpstreamCall call = upstream.next(model).begin().text("x");
            client.until("\"x\"");
            return micros(goodbye.say(client), call.awaitClosed());
        });
    }

    @Test
    void resetOfAnHttp2StreamClosesTheUpstream() throws Exception {
        String model = upstream.model();
        HttpClient client = vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));
        assertQuick("HTTP/2 reset", () -> {
            CompletableFuture<Boolean> begun = new CompletableFuture<>();
            var request = client.request(HttpMethod.POST, RestAssured.port, "127.0.0.1", CHAT)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            var response = request.putHeader("Content-Type", "application/json").send(body(model, ",\"stream\":true"));
            response.onSuccess(answer -> answer.handler(_ -> begun.complete(true)));
            UpstreamCall call = upstream.next(model).begin().text("x");
            begun.join();
            long now = System.nanoTime();
            request.reset(8);
            return micros(now, call.awaitClosed());
        });
        client.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    /** A provider that asks for a wait gives time to leave within it. */
    @ParameterizedTest
    @EnumSource
    void duringABackoffMakesNoFurtherCall(Goodbye goodbye) {
        String model = upstream.model(call -> call.refuse("429 Too Many Requests", "retry-after-ms: 400\r\n", "{}"));
        RawClient client = RawClient.post(CHAT, body(model, ",\"stream\":true"));
        await().until(() -> upstream.calls(model) == 1);

        goodbye.say(client);

        await().atMost(Duration.ofMillis(300))
                .untilAsserted(() -> assertThat(gate.inUse()).isZero());
        await().during(Duration.ofMillis(600)).until(() -> upstream.calls(model) == 1);
    }

    @Test
    void ofAReaderLeavesAStreamToBeResumed() {
        String model = upstream.model();
        RawClient client = RawClient.post(STREAMS, body(model, ""));
        UpstreamCall call = upstream.next(model).begin().text("before ");
        String path = STREAMS + "/" + client.until("before").header("x-stream-id");

        client.reset();
        call.text("between ");
        RawClient back = RawClient.get(path, "Last-Event-ID: 3").until("between");
        call.text("after").finish();

        assertThat(back.toEnd().frames().text()).isEqualTo("between after");
        assertThat(back.frames().events().getFirst().id()).isEqualTo("4");
        assertThat(RawClient.get(path).toEnd().frames().text()).isEqualTo("before between after");
    }

    @Test
    void ofOneOfTwoReadersCancelsNothing() {
        String model = upstream.model();
        RawClient first = RawClient.post(STREAMS, body(model, ",\"on_disconnect\":\"cancel\""));
        UpstreamCall call = upstream.next(model).begin().text("a");
        first.until("\"a\"");
        RawClient second =
                RawClient.get(STREAMS + "/" + first.header("x-stream-id")).until("\"a\"");

        first.reset();
        call.text("b");
        second.until("\"b\"");
        call.finish();

        assertThat(second.toEnd().frames().text()).isEqualTo("ab");
    }

    @Test
    void fromADrainedStreamLetsItRunToItsEnd() {
        String model = upstream.model();
        RawClient client = RawClient.post(STREAMS, body(model, ",\"on_disconnect\":\"drain\""));
        UpstreamCall call = upstream.next(model).begin().text("a");
        String path = STREAMS + "/" + client.until("\"a\"").header("x-stream-id");

        client.reset();
        call.text("b").finish();

        assertThat(RawClient.get(path).toEnd().frames().text()).isEqualTo("ab");
    }

    /** The answer is complete before anybody leaves: the connection to the provider is kept for the next one. */
    @Test
    void afterTheEndClosesNothing() {
        String model = upstream.model();
        RawClient client = RawClient.post(CHAT, body(model, ",\"stream\":true"));
        UpstreamCall call = upstream.next(model);
        call.answer("x");
        client.toEnd().reset();

        await().during(Duration.ofMillis(200)).until(() -> !call.isClosed());
    }
}
