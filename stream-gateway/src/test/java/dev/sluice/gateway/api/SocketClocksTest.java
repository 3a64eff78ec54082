package dev.sluice.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** Sockets of known callers, with a heartbeat of 200 ms and a client-write clock of 400 ms. */
@QuarkusTest
@TestProfile(StrictProfile.class)
class SocketClocksTest {

    private static final String WS = SocketRoute.PATH;
    private static final String PING = "{\"type\":\"ping\"}";

    private final UpstreamDouble upstream = Doubles.upstream();

    @Inject
    MeterRegistry meters;

    private static String keyProtocol(String key) {
        return "sluice.key."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void knowsItsCallersByHeaderAndBySubprotocol() {
        for (String header : new String[] {
            StrictProfile.ALICE,
            "x-api-key: sk-alice-canary-key",
            "Sec-WebSocket-Protocol: sluice.v1, " + keyProtocol("sk-alice-canary-key")
        }) {
            try (SocketClient client = SocketClient.open(WS, header)) {
                client.send(PING).next("pong");
                assertThat(client.header("sec-websocket-protocol")).isEqualTo(header.contains("v1") ? "sluice.v1" : "");
            }
        }
        for (String header : new String[] {
            "X-Nothing: 1", "x-api-key: sk-wrong", "Sec-WebSocket-Protocol: sluice.v1, " + keyProtocol("sk-wrong")
        }) {
            RawClient refused =
                    SocketClient.ask(RawClient.connect(), WS, header).toEnd();
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.header("www-authenticate")).isEqualTo("Bearer");
        }
        assertThat(SocketClient.ask(RawClient.connect(), WS, "Sec-WebSocket-Protocol: sluice.key.!!")
                        .toEnd()
                        .status())
                .isEqualTo(400);
    }

    @Test
    void seesOnlyItsCallersStreams() {
        String model = upstream.model(call -> call.answer("for Alice"));
        String id = RawClient.post(
                        "/v1/streams",
                        "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}",
                        StrictProfile.ALICE)
                .toEnd()
                .header("x-stream-id");
        String subscribe = "{\"type\":\"subscribe\",\"stream_id\":\"" + id + "\"}";
        try (SocketClient bob = SocketClient.open(WS, StrictProfile.BOB);
                SocketClient root = SocketClient.open(WS, StrictProfile.ROOT)) {
            assertThat(bob.send(subscribe).next().at("/error/code").asText()).isEqualTo("STREAM_NOT_FOUND");
            root.send(subscribe).next("complete");
        }
    }

    @Test
    void peerThatAnswersStaysAndOneThatDoesNotIsClosed() {
        try (SocketClient client = SocketClient.open(WS, StrictProfile.ALICE)) {
            for (int i = 0; i < 4; i++) {
                client.awaitPing();
                client.pong();
            }
            assertThat(client.closeCode()).isEqualTo(1008);
        }
    }

    @Test
    void clientThatReadsNothingIsLetGo() {
        String model = upstream.model();
        double before = meters.get("sluice.readers.too.slow").counter().count();
        try (SocketClient stuck = SocketClient.openSmall(WS, StrictProfile.ALICE)) {
            stuck.send("{\"type\":\"start\",\"model\":\"" + model
                    + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
            UpstreamCall call = upstream.next(model).begin();
            Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 5_000; i++) {
                        call.text("x".repeat(4_000));
                    }
                } catch (UncheckedIOException e) {
                    // The gateway has let go of the provider, as the test expects.
                }
            });

            await().atMost(Duration.ofSeconds(10))
                    .until(() -> meters.get("sluice.readers.too.slow").counter().count() == before + 1);
            call.awaitClosed();
            assertThat(stuck.closeCode()).isEqualTo(1013);
        }
    }
}
