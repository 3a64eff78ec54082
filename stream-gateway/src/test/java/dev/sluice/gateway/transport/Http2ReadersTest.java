package dev.sluice.gateway.transport;

import static dev.sluice.gateway.api.ChatBody.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.api.Doubles;
import dev.sluice.gateway.api.RawClient;
import dev.sluice.gateway.api.StrictProfile;
import dev.sluice.gateway.api.UpstreamCall;
import dev.sluice.gateway.api.UpstreamDouble;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.PooledByteBufAllocator;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Readers over HTTP/2 that open no window, many of them on one connection. The client-write clock is 400 ms here. */
@QuarkusTest
@TestProfile(StrictProfile.class)
class Http2ReadersTest {

    private static final String STREAMS = "/v1/streams";
    private static final String CHAT = "/v1/chat/completions";
    private static final String FILLER = "x".repeat(4_000);
    private static final int STUCK = 50;

    private final UpstreamDouble upstream = Doubles.upstream();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger reset = new AtomicInteger();

    @Inject
    Vertx vertx;

    @Inject
    MeterRegistry meters;

    private HttpClient client;

    @BeforeEach
    void connect() {
        client = vertx.createHttpClient(new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setHttp2MaxPoolSize(1));
    }

    @AfterEach
    void disconnect() throws Exception {
        client.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private void readNothing(HttpMethod method, String path, String body) {
        var _ = client.request(method, RestAssured.port, "127.0.0.1", path)
                .compose(request -> {
                    request.putHeader("Authorization", StrictProfile.ALICE.substring("Authorization: ".length()))
                            .putHeader("Content-Type", "application/json");
                    Future<HttpClientResponse> response = request.response();
                    return (body.isEmpty() ? request.end() : request.end(body)).compose(_ -> response);
                })
                .onSuccess(response -> {
                    response.pause();
                    // The client tells of a reset twice.
                    AtomicBoolean told = new AtomicBoolean();
                    response.exceptionHandler(_ -> reset.addAndGet(told.compareAndSet(false, true) ? 1 : 0));
                    begun.incrementAndGet();
                });
    }

    /** 20 MB pass by them; each of them loses its own stream of HTTP/2 in time, and all others stay. */
    @Test
    void delayNobodyElseCostBoundedMemoryAndAreGivenUp() {
        String model = upstream.model();
        RawClient quick = RawClient.post(STREAMS, body(model), StrictProfile.ALICE);
        UpstreamCall call = upstream.next(model).begin().text("begin");
        String path = STREAMS + "/" + quick.until("begin").header("x-stream-id");
        double before = tooSlow();
        for (int i = 0; i < STUCK; i++) {
            readNothing(HttpMethod.GET, path, "");
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> begun.get() == STUCK);
        long pinnedBefore = pinnedBytes();
        long mostPinned = 0;
        long worst = 0;

        for (int i = 0; i < 5_000; i++) {
            call.text(FILLER);
            if (i % 50 == 0) {
                long started = System.nanoTime();
                String mark = "mark" + i;
                call.text(mark);
                quick.discardUntil(mark);
                worst = Math.max(worst, System.nanoTime() - started);
                mostPinned = Math.max(mostPinned, pinnedBytes() - pinnedBefore);
            }
        }

        await().atMost(Duration.ofSeconds(10)).until(() -> tooSlow() == before + STUCK && reset.get() == STUCK);
        call.finish();
        quick.discardUntil("\"type\":\"complete\"");
        System.out.printf(
                "%d readers without a window hold %d KB; another waits %d us at most%n",
                STUCK, mostPinned / 1_000, worst / 1_000);
        assertThat(TimeUnit.NANOSECONDS.toMillis(worst)).isLessThan(500);
        assertThat(mostPinned).isLessThan(STUCK * 200_000L);
    }

    /** All of its bytes have been handed over by then; the connection goes on. */
    @Test
    void wholeAnswerIsGivenUpTooAndTheConnectionStays() throws Exception {
        String model = upstream.model(call -> call.answer("x".repeat(900_000)));
        double before = tooSlow();

        readNothing(HttpMethod.POST, CHAT, body(model));

        await().atMost(Duration.ofSeconds(10)).until(() -> tooSlow() == before + 1 && reset.get() == 1);
        int status = client.request(HttpMethod.GET, RestAssured.port, "127.0.0.1", "/v1/models")
                .compose(request -> request.putHeader(
                                "Authorization", StrictProfile.ALICE.substring("Authorization: ".length()))
                        .send())
                .map(HttpClientResponse::statusCode)
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        assertThat(status).isEqualTo(200);
    }

    private double tooSlow() {
        return meters.get("sluice.readers.too.slow").counter().count();
    }

    private static long pinnedBytes() {
        return PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() + PooledByteBufAllocator.DEFAULT.pinnedHeapMemory();
    }
}
