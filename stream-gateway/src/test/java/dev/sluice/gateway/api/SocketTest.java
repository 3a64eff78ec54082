package dev.sluice.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.admission.AdmissionGate;
import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.generation.Milestones;
import dev.sluice.gateway.transport.websocket.StreamSockets;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.ext.web.Router;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Many streams on one socket, and everything that a client may do wrong with it. */
@QuarkusTest
@TestProfile(PatientProfile.class)
class SocketTest {

    private static final String WS = SocketRoute.PATH;
    private static final String STREAMS = "/v1/streams";

    private final UpstreamDouble upstream = Doubles.upstream();

    @Inject
    AdmissionGate gate;

    @Inject
    MeterRegistry meters;

    @Inject
    Router router;

    @Inject
    StreamSockets sockets;

    @Inject
    SocketServices services;

    @AfterEach
    void nothingIsHeldAnyMore() {
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
            assertThat(gate.inUse()).isZero();
            assertThat(meters.get("sluice.sockets").gauge().value()).isZero();
        });
    }

    private static String start(String model, String more) {
        return "{\"type\":\"start\",\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]"
                + more + "}";
    }

    private static String about(String type, String id, String more) {
        return "{\"type\":\"" + type + "\",\"stream_id\":\"" + id + "\"" + more + "}";
    }

    private static String text(List<JsonNode> messages, String id) {
        StringBuilder text = new StringBuilder();
        for (JsonNode message : messages) {
            if (message.path("stream_id").asText().equals(id)
                    && message.path("type").asText().equals("chunk")) {
                text.append(message.at("/data/content").asText());
            }
        }
        return text.toString();
    }

    private static String code(JsonNode refusal) {
        assertThat(refusal.path("type").asText()).isEqualTo("request_error");
        return refusal.at("/error/code").asText();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?frames=text", "?frames=binary"})
    void startsAStreamAndSendsItsEventsOneAMessage(String query) {
        String model = upstream.model(call -> call.answer("Grüße ", "\n", "👋"));
        try (SocketClient client = SocketClient.open(WS + query)) {
            client.send(start(model, ",\"request_id\":\"r \\\"1\\\"\""));

            List<JsonNode> messages = client.upTo("complete");

            JsonNode started = messages.removeFirst();
            String id = started.path("stream_id").asText();
            assertThat(started.path("type").asText()).isEqualTo("started");
            assertThat(started.path("request_id").asText()).isEqualTo("r \"1\"");
            assertThat(text(messages, id)).isEqualTo("Grüße \n👋");
            for (int i = 0; i < messages.size(); i++) {
                assertThat(messages.get(i).fieldNames().next()).isEqualTo("stream_id");
                assertThat(messages.get(i).path("stream_id").asText()).isEqualTo(id);
                assertThat(messages.get(i).path("offset").asInt()).isEqualTo(i);
            }
        }
    }

    @Test
    void binaryFramesAreBinaryAndTakenAsWell() {
        try (SocketClient client = SocketClient.open(WS + "?frames=binary")) {
            client.send(SocketClient.BINARY, true, "{\"type\":\"ping\"}".getBytes(StandardCharsets.UTF_8));

            assertThat(client.nextFrame(_ -> true).opcode()).isEqualTo(SocketClient.BINARY);
        }
    }

    @Test
    void carriesSeveralStreamsInterleaved() {
        String one = upstream.model();
        String two = upstream.model();
        try (SocketClient client = SocketClient.open(WS)) {
            client.send(start(one, ",\"stream_id\":\"ws-one\"")).send(start(two, ",\"stream_id\":\"ws-two\""));
            UpstreamCall first = upstream.next(one).begin();
            UpstreamCall second = upstream.next(two).begin();
            List<JsonNode> messages = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                first.text("a" + i);
                messages.addAll(client.upTo("chunk"));
                second.text("b" + i);
                messages.addAll(client.upTo("chunk"));
            }
            first.finish();
            messages.addAll(client.upTo("complete"));
            second.finish();
            messages.addAll(client.upTo("complete"));

            assertThat(text(messages, "ws-one")).isEqualTo("a0a1a2a3a4");
            assertThat(text(messages, "ws-two")).isEqualTo("b0b1b2b3b4");
        }
    }

    /** What the kernel takes for a client that reads little, it takes of the streams that come first. */
    @Test
    void streamsThatHaveMuchToSayLeaveTheOthersTheirTurns() {
        String[] pieces = Collections.nCopies(50, "x".repeat(15_000)).toArray(String[]::new);
        String model = upstream.model(call -> call.answer(pieces));
        String body = "{" + start(model, "").substring(16);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            ids.add(RawClient.post(STREAMS, body).toEnd().header("x-stream-id"));
        }
        try (SocketClient client = SocketClient.openSmall(WS)) {
            ids.forEach(id -> client.send(about("subscribe", id, "")));

            List<JsonNode> messages = client.upTo("complete");
            while (!messages.getLast().path("stream_id").asText().equals(ids.get(6))) {
                messages.addAll(client.upTo("complete"));
            }

            assertThat(text(messages, ids.get(7))).isNotEmpty();
        }
    }

    @Test
    void subscribesFromEveryOffset() {
        String model = upstream.model(call -> call.answer("a", "b", "c"));
        String id = RawClient.post(STREAMS, "{" + start(model, "").substring(16))
                .toEnd()
                .header("x-stream-id");
        try (SocketClient client = SocketClient.open(WS)) {
            client.send(about("subscribe", id, ""));
            List<JsonNode> all = client.upTo("complete");
            assertThat(all.removeFirst().path("type").asText()).isEqualTo("subscribed");

            for (int from = 0; from < all.size(); from++) {
                client.send(about("subscribe", id, ",\"offset\":" + from));
                List<JsonNode> rest = client.upTo("complete");
                assertThat(rest.subList(1, rest.size())).isEqualTo(all.subList(from, all.size()));
            }
            client.send(about("subscribe", id, ",\"offset\":" + all.size()));
            assertThat(client.next().path("type").asText()).isEqualTo("subscribed");
            assertThat(client.next().path("type").asText()).isEqualTo("unsubscribed");
            client.send(about("subscribe", id, ",\"offset\":" + (all.size() + 1)));
            assertThat(code(client.next())).isEqualTo("INVALID_REQUEST");
        }
    }

    @Test
    void windowLetsNoMoreEventsFollowThanAreAcknowledged() {
        String model = upstream.model(call -> call.answer("a", "b", "c", "d", "e"));
        try (SocketClient client = SocketClient.open(WS)) {
            client.send(start(model, ",\"stream_id\":\"ws-window\",\"window\":2"))
                    .next("started");
            int offset = 0;
            JsonNode event;
            do {
                event = client.next();
                assertThat(event.path("offset").asInt()).isEqualTo(offset++);
                if (offset % 2 == 0) {
                    client.send("{\"type\":\"ping\"}");
                    assertThat(client.next().path("type").asText()).isEqualTo("pong");
                    client.send(about("ack", "ws-window", ",\"offset\":" + (offset - 1)));
                }
            } while (!event.path("type").asText().equals("complete"));
            client.send(about("ack", "ws-window", ",\"offset\":0")).send("{\"type\":\"ping\",\"data\":\"late\"}");
            assertThat(client.next().path("data").asText()).isEqualTo("late");
        }
    }

    @Test
    void acknowledgesNothingThatWasNotSent() {
        String model = upstream.model();
        try (SocketClient client = SocketClient.open(WS)) {
            client.send(start(model, ",\"stream_id\":\"ws-eager\",\"window\":1"))
                    .next("status");
            client.send(about("ack", "ws-eager", ",\"offset\":1"));
            JsonNode refusal = client.next();

            assertThat(code(refusal)).isEqualTo("INVALID_REQUEST");
            assertThat(refusal.at("/error/param").asText()).isEqualTo("offset");
        }
    }

    @Test
    void abortsFromTheSocketAndFromElsewhere() {
        String model = upstream.model();
        try (SocketClient client = SocketClient.open(WS)) {
            for (boolean here : new boolean[] {true, false}) {
                String id = "ws-abort-" + here;
                client.send(start(model, ",\"stream_id\":\"" + id + "\""));
                UpstreamCall call = upstream.next(model).begin().text("x");
                client.next("chunk");
                if (here) {
                    client.send(about("abort", id, ""));
                } else {
                    RawClient.delete(STREAMS + "/" + id).toEnd();
                }
                assertThat(client.next("error").at("/data/code").asText()).isEqualTo("CANCELLED");
                call.awaitClosed();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closingTheSocketEndsItsStreams(boolean reset) {
        String model = upstream.model();
        SocketClient client = SocketClient.open(WS);
        client.send(start(model, "")).send(start(model, ""));
        UpstreamCall one = upstream.next(model).begin().text("x");
        UpstreamCall two = upstream.next(model);
        client.next("chunk");

        if (reset) {
            client.close();
        } else {
            client.fin();
        }

        one.awaitClosed();
        two.awaitClosed();
    }

    @Test
    void streamSurvivesItsSocketWhereItSaysSo() {
        String model = upstream.model();
        SocketClient client = SocketClient.open(WS);
        client.send(start(model, ",\"stream_id\":\"ws-drain\",\"on_disconnect\":\"drain\""))
                .next("started");
        UpstreamCall call = upstream.next(model).begin().text("a");
        int next = client.next("chunk").path("offset").asInt() + 1;
        client.close();
        call.text("b").finish();

        try (SocketClient back = SocketClient.open(WS)) {
            back.send(about("subscribe", "ws-drain", ",\"offset\":" + next));
            assertThat(text(back.upTo("complete"), "ws-drain")).isEqualTo("b");
        }
    }

    @Test
    void unsubscribingLeavesTheSocketAndTheOthersAlone() {
        String model = upstream.model();
        try (SocketClient client = SocketClient.open(WS)) {
            client.send(start(model, ",\"stream_id\":\"ws-leave\""));
            UpstreamCall left = upstream.next(model).begin().text("x");
            client.next("chunk");
            client.send(about("unsubscribe", "ws-leave", "")).next("unsubscribed");
            left.awaitClosed();

            client.send(start(model, ""));
            upstream.next(model).answer("y");
            client.next("complete");
        }
    }

    @Test
    void sameRequestOverHttpAndSocketIsOneStream() {
        String model = upstream.model(call -> call.answer("once"));
        try (SocketClient client = SocketClient.open(WS)) {
            client.send(start(model, ",\"stream_id\":\"ws-join\"")).next("complete");
            String body = "{" + start(model, ",\"stream_id\":\"ws-join\"").substring(16);

            assertThat(RawClient.post(STREAMS, body).toEnd().frames().text()).isEqualTo("once");
            assertThat(upstream.calls(model)).isEqualTo(1);
        }
    }

    @Test
    void refusesASecondSubscription() {
        String model = upstream.model();
        try (SocketClient client = SocketClient.open(WS)) {
            client.send(start(model, ",\"stream_id\":\"ws-twice\"")).next("started");
            client.send(about("subscribe", "ws-twice", ",\"request_id\":\"again\""));
            JsonNode refusal = client.next("request_error");

            assertThat(code(refusal)).isEqualTo("CONFLICT");
            assertThat(refusal.path("request_id").asText()).isEqualTo("again");
            assertThat(refusal.path("stream_id").asText()).isEqualTo("ws-twice");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "nonsense|INVALID_REQUEST|",
                "[]|INVALID_REQUEST|",
                "null|INVALID_REQUEST|",
                "{\"type\":\"ping\"}{}|INVALID_REQUEST|",
                "{}|INVALID_REQUEST|type",
                "{\"type\":7}|INVALID_REQUEST|type",
                "{\"type\":\"dance\"}|INVALID_REQUEST|type",
                "{\"type\":\"ping\",\"request_id\":1}|INVALID_REQUEST|request_id",
                "{\"type\":\"ping\",\"data\":{}}|INVALID_REQUEST|data",
                "{\"type\":\"start\"}|INVALID_REQUEST|model",
                "{\"type\":\"start\",\"window\":0}|INVALID_REQUEST|window",
                "{\"type\":\"start\",\"model\":\"nobody\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}|MODEL_NOT_FOUND|model",
                "{\"type\":\"subscribe\"}|INVALID_REQUEST|stream_id",
                "{\"type\":\"subscribe\",\"stream_id\":\"gone\"}|STREAM_NOT_FOUND|",
                "{\"type\":\"subscribe\",\"stream_id\":\"../x\"}|STREAM_NOT_FOUND|",
                "{\"type\":\"abort\",\"stream_id\":\"gone\"}|STREAM_NOT_FOUND|",
                "{\"type\":\"ack\",\"stream_id\":\"gone\"}|INVALID_REQUEST|offset",
                "{\"type\":\"ack\",\"stream_id\":\"gone\",\"offset\":-1}|INVALID_REQUEST|offset",
                "{\"type\":\"ack\",\"stream_id\":\"gone\",\"offset\":1e99}|INVALID_REQUEST|offset"
            })
    void saysWhatIsWrongAndStaysOpen(String message, String code, @Nullable String param) {
        try (SocketClient client = SocketClient.open(WS)) {
            client.send(message);
            JsonNode refusal = client.next();
            assertThat(code(refusal)).isEqualTo(code);
            if (param != null) {
                assertThat(refusal.at("/error/param").asText()).isEqualTo(param);
            }

            client.send("{\"type\":\"ping\",\"data\":\"still here\"}");
            assertThat(client.next().path("data").asText()).isEqualTo("still here");
        }
    }

    @Test
    void closesOnATextMessageThatIsNoUtf8() {
        byte[] broken = {'{', '"', (byte) 0xC3, '"', '}'};
        try (SocketClient client = SocketClient.open(WS)) {
            client.send(SocketClient.TEXT, true, broken);
            assertThat(client.closeCode()).isEqualTo(1007);
        }
        try (SocketClient client = SocketClient.open(WS)) {
            client.send(SocketClient.BINARY, true, broken);
            assertThat(code(client.next())).isEqualTo("INVALID_REQUEST");
        }
    }

    @Test
    void characterMayBeCutAcrossFrames() {
        byte[] message = "{\"type\":\"ping\",\"data\":\"\u00fc\"}".getBytes(StandardCharsets.UTF_8);
        int amid = message.length - 3;
        try (SocketClient client = SocketClient.open(WS)) {
            client.send(SocketClient.TEXT, false, Arrays.copyOf(message, amid))
                    .send(0, true, Arrays.copyOfRange(message, amid, message.length));
            assertThat(client.next().path("data").asText()).isEqualTo("\u00fc");
        }
    }

    @Test
    void faultOfOursHasItsOwnCode() {
        String model = upstream.model(call -> call.answer("x"));
        String id = RawClient.post(STREAMS, "{" + start(model, "").substring(16))
                .toEnd()
                .header("x-stream-id");
        Milestones faulty = new Milestones(List.of(_ -> {
            throw new IllegalStateException("a fault");
        }));
        SocketServices broken = new SocketServices(
                services.decoder(),
                services.requests(),
                services.pipeline(),
                services.access(),
                faulty,
                services.config());
        router.route("/faulty")
                .order(-10_000)
                .handler(routing -> sockets.open(
                        routing.request(),
                        false,
                        served -> new SocketMessages(served, broken, Caller.ANONYMOUS, Set.of(Caller.ANONYMOUS))));

        try (SocketClient client = SocketClient.open("/faulty")) {
            client.send(about("subscribe", id, ",\"offset\":1"));
            assertThat(client.closeCode()).isEqualTo(1011);
        }
    }

    @Test
    void compressesNothingUnlessItIsSwitchedOn() {
        try (SocketClient client = SocketClient.open(WS, "Sec-WebSocket-Extensions: permessage-deflate")) {
            assertThat(client.header("sec-websocket-extensions")).isEmpty();
        }
    }

    @Test
    void takesAMessageInPieces() {
        try (SocketClient client = SocketClient.open(WS)) {
            client.send(SocketClient.TEXT, false, "{\"type\":".getBytes(StandardCharsets.UTF_8));
            client.send(0, true, "\"ping\"}".getBytes(StandardCharsets.UTF_8));
            assertThat(client.next().path("type").asText()).isEqualTo("pong");
        }
    }

    @Test
    void closesOnTooManyBadMessages() {
        try (SocketClient client = SocketClient.open(WS)) {
            for (int i = 0; i <= 100; i++) {
                client.send("nonsense");
            }
            assertThat(client.closeCode()).isEqualTo(1008);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closesOnAMessageThatIsTooLarge(boolean inPieces) {
        try (SocketClient client = SocketClient.open(WS)) {
            byte[] piece = new byte[inPieces ? 3 << 20 : 0];
            if (inPieces) {
                client.send(SocketClient.TEXT, false, piece).send(0, false, piece);
            } else {
                client.send(SocketClient.TEXT, true, new byte[(4 << 20) + 1]);
            }
            assertThat(client.closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void streamsPerSocketAreBounded() {
        String model = upstream.model();
        try (SocketClient client = SocketClient.open(WS)) {
            for (int i = 0; i < 256; i++) {
                client.send(start(model, "")).next("started");
            }
            client.send(start(model, ",\"request_id\":\"last\""));
            assertThat(code(client.next("request_error"))).isEqualTo("RATE_LIMIT");
        }
    }

    /** A handshake that is none, each with the status that tells what is missing. */
    @Test
    void refusesInHttp() {
        assertThat(RawClient.get(WS).toEnd().status()).isEqualTo(426);
        assertThat(RawClient.get(WS).toEnd().header("upgrade")).isEqualTo("websocket");
        assertThat(Json.read(RawClient.get(WS).toEnd().body()).at("/error/code").asText())
                .isEqualTo("UPGRADE_REQUIRED");
        assertThat(RawClient.delete(WS).toEnd().status()).isEqualTo(405);
        for (String key : List.of("key=x", "api_key=x", "Token=x", "access_token=")) {
            RawClient refused =
                    SocketClient.ask(RawClient.connect(), WS + "?" + key).toEnd();
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.body()).contains("Authorization: Bearer");
        }
        assertThat(SocketClient.ask(RawClient.connect(), WS + "?frames=smoke")
                        .toEnd()
                        .status())
                .isEqualTo(400);
    }

    /** Whoever takes the socket for open may send frames already; they must not be read as requests. */
    @ParameterizedTest
    @ValueSource(strings = {WS, WS + "?frames=smoke"})
    void refusalEndsTheConnection(String path) {
        RawClient refused = RawClient.get(path).toEnd();

        assertThat(refused.header("connection")).contains("close");
        assertThat(refused.closedByServer()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost,101",
        "https://LOCALHOST,101",
        "http://localhost:81,403",
        "https://evil.example,403",
        "http://localhost.evil.example,403",
        "null,403"
    })
    void letsInPagesOfItsOwnOriginOnly(String origin, int status) {
        try (RawClient client = SocketClient.ask(RawClient.connect(), WS, "Origin: " + origin)) {
            assertThat(client.status()).isEqualTo(status);
        }
    }
}
