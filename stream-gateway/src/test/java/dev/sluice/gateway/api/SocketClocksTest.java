package dev.sluice.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
            client.awaitPing();
            client.awaitPing();
            assertThat(client.nextFrame(_ -> true).closeCode())
                    .as("no third ping")
                    .isEqualTo(1008);
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

            await().pollInterval(Duration.ofMillis(10))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> meters.get("sluice.readers.too.slow").counter().count() == before + 1);
            assertThat(stuck.closeCode()).isEqualTo(1013);
            call.awaitClosed();
        }
    }

    /** Not even the reason why it is closed is taken: that, too, is waited for as long as the clock says, and no longer. */
    @Test
    void clientThatNeverReadsLosesItsConnection() {
        String model = upstream.model(call -> call.answer("x".repeat(900_000)));
        double before = meters.get("sluice.readers.too.slow").counter().count();
        try (SocketClient stuck = SocketClient.openSmall(WS, StrictProfile.ALICE)) {
            long asked = System.nanoTime();
            stuck.send("{\"type\":\"start\",\"model\":\"" + model
                    + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");

            await().pollInterval(Duration.ofMillis(20))
                    .atMost(Duration.ofSeconds(10))
                    .until(stuck::isCut);

            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked)).isBetween(800L, 3_000L);
            assertThat(meters.get("sluice.readers.too.slow").counter().count()).isEqualTo(before + 1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://chat.example,101",
        "https://b.example,101",
        "http://localhost,101",
        "https://chat.example.evil.example,403",
        "http://chat.example,403",
        "https://c.example,403"
    })
    void letsInPagesOfTheOriginsThatAreAllowed(String origin, int status) {
        try (RawClient client = SocketClient.ask(RawClient.connect(), WS, StrictProfile.ALICE, "Origin: " + origin)) {
            assertThat(client.status()).isEqualTo(status);
        }
    }

    private static SocketClient compressing() {
        SocketClient client = SocketClient.open(
                WS,
                StrictProfile.ALICE,
                "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=x, permessage-deflate; client_max_window_bits");
        assertThat(client.header("sec-websocket-extensions")).isEqualTo("permessage-deflate");
        return client;
    }

    /** Deflates one more message of a socket, without the bytes that mark its end (RFC 7692, 7.2.1). */
    private static byte[] deflate(Deflater deflater, byte[] message, int times) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[65_536];
        for (int i = 1; i <= times; i++) {
            deflater.setInput(message);
            int flush = i == times ? Deflater.SYNC_FLUSH : Deflater.NO_FLUSH;
            int count;
            do {
                count = deflater.deflate(buffer, 0, buffer.length, flush);
                out.write(buffer, 0, count);
            } while (count == buffer.length);
        }
        byte[] all = out.toByteArray();
        return Arrays.copyOf(all, all.length - 4);
    }

    private static String inflate(Inflater inflater, byte[] message) throws DataFormatException {
        byte[] whole = Arrays.copyOf(message, message.length + 4);
        whole[whole.length - 2] = (byte) 0xFF;
        whole[whole.length - 1] = (byte) 0xFF;
        inflater.setInput(whole);
        byte[] buffer = new byte[1_024];
        return new String(buffer, 0, inflater.inflate(buffer), StandardCharsets.UTF_8);
    }

    @Test
    void compressesMessagesOfWhoeverAsksForIt() throws DataFormatException {
        try (SocketClient client = compressing();
                Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
                Inflater inflater = new Inflater(true)) {
            for (int i = 0; i < 3; i++) {
                String ping = "{\"type\":\"ping\",\"data\":\"again and again " + i + "\"}";
                client.send(
                        SocketClient.TEXT | SocketClient.COMPRESSED,
                        true,
                        deflate(deflater, ping.getBytes(StandardCharsets.UTF_8), 1));

                byte[] answer = client.nextFrame(frame -> frame.opcode() == SocketClient.TEXT)
                        .payload();
                assertThat(inflate(inflater, answer)).isEqualTo(ping.replace("ping", "pong"));
            }
        }
    }

    /** A quarter of a megabyte would become 256 MB. */
    @Test
    void inflatesNoMoreThanAMessageMayHave() {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] bomb;
        try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true)) {
            bomb = deflate(deflater, new byte[1 << 20], 256);
        }
        try (SocketClient client = compressing()) {
            long before = threads.getTotalThreadAllocatedBytes();

            client.send(SocketClient.TEXT | SocketClient.COMPRESSED, true, bomb);

            assertThat(client.closeCode()).isEqualTo(1009);
            assertThat(threads.getTotalThreadAllocatedBytes() - before).isLessThan(100_000_000);
        }
    }

    @Test
    void closesOnWhatCannotBeInflated() {
        try (SocketClient client = compressing()) {
            client.send(SocketClient.TEXT | SocketClient.COMPRESSED, true, new byte[] {7, 7, 7, 7});
            assertThat(client.closeCode()).isEqualTo(1007);
        }
    }

    /** A last block ends the stream of blocks, and nothing comes out of what follows. */
    @Test
    void closesOnWhatFollowsALastBlock() {
        try (Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
                SocketClient client = compressing()) {
            deflater.setInput("{\"type\":\"ping\"}".getBytes(StandardCharsets.UTF_8));
            deflater.finish();
            byte[] buffer = new byte[256];
            byte[] ping = Arrays.copyOf(buffer, deflater.deflate(buffer));

            client.send(SocketClient.TEXT | SocketClient.COMPRESSED, true, ping);
            client.nextFrame(frame -> frame.opcode() == SocketClient.TEXT);
            client.send(SocketClient.TEXT | SocketClient.COMPRESSED, true, ping);

            assertThat(client.closeCode()).isEqualTo(1007);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {";", ";;;,,,=", ",", " ; permessage-deflate", "="})
    void compressesNothingForAnOfferWithoutAName(String offer) {
        try (SocketClient client = SocketClient.open(WS, StrictProfile.ALICE, "Sec-WebSocket-Extensions: " + offer)) {
            assertThat(client.header("sec-websocket-extensions")).isEmpty();
        }
    }
}
