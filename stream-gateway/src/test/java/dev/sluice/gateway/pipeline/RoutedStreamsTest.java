package dev.sluice.gateway.pipeline;

import static dev.sluice.gateway.api.ChatBody.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.api.Doubles;
import dev.sluice.gateway.api.Json;
import dev.sluice.gateway.api.RawClient;
import dev.sluice.gateway.api.RoutingProfile;
import dev.sluice.gateway.api.SocketClient;
import dev.sluice.gateway.api.UpstreamDouble;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(RoutingProfile.class)
class RoutedStreamsTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String STREAMS = "/v1/streams";
    private static final String BROKEN = "503 Service Unavailable";

    private final UpstreamDouble upstream = Doubles.upstream();

    private static String chatBody(String model, String chat) {
        return "{\"id\":\"" + chat + "\",\"model\":\"" + model + "\",\"messages\":[{\"id\":\"u1\",\"role\":\"user\","
                + "\"parts\":[{\"type\":\"text\",\"text\":\"Hi\"}]}]}";
    }

    private static String answerer(RawClient client) {
        assertThat(client.status()).as(client.body()).isEqualTo(200);
        return answerer(client.body());
    }

    private static String answerer(String body) {
        return body.contains("from-left") ? "left" : body.contains("from-right") ? "right" : body;
    }

    private static String byHeader(String key) {
        return answerer(RawClient.post(CHAT, body("shared", ""), "Sluice-Sticky: " + key)
                .toEnd());
    }

    private void serveBoth(AtomicBoolean leftWorks) {
        upstream.model("left", call -> {
            if (leftWorks.get()) {
                call.answer("from-left");
            } else {
                call.refuse(BROKEN, "", "{}");
            }
        });
        upstream.model("right", call -> call.answer("from-right"));
    }

    @Test
    void conversationHasOneTargetWhicheverWayItIsNamed() {
        serveBoth(new AtomicBoolean(true));
        List<Function<String, String>> ways = List.of(
                RoutedStreamsTest::byHeader,
                key -> answerer(RawClient.post(CHAT, body("shared", ",\"sluice\":{\"sticky\":\"" + key + "\"}"))
                        .toEnd()),
                key -> answerer(RawClient.post(STREAMS, body("shared", ",\"sticky\":\"" + key + "\""))
                        .toEnd()),
                key -> answerer(RawClient.post(STREAMS, body("shared", ""), "Sluice-Sticky: " + key)
                        .toEnd()),
                key -> answerer(RawClient.post(
                                "/v1/messages",
                                body("shared", ",\"max_tokens\":9,\"sluice\":{\"sticky\":\"" + key + "\"}"))
                        .toEnd()),
                key -> answerer(RawClient.post(
                                "/v1/responses", "{\"model\":\"shared\",\"input\":\"Hi\"}", "Sluice-Sticky: " + key)
                        .toEnd()),
                key -> answerer(
                        RawClient.post("/api/chat", chatBody("shared", key)).toEnd()),
                key -> {
                    try (SocketClient socket = SocketClient.open("/v1/ws")) {
                        socket.send("{\"type\":\"start\",\"sticky\":\"" + key + "\","
                                + body("shared", "").substring(1));
                        return answerer(socket.next("chunk").toString());
                    }
                });

        for (int i = 0; i < 8; i++) {
            String key = "conversation-" + i;
            assertThat(ways.stream().map(way -> way.apply(key))).as(key).containsOnly(byHeader(key));
        }
    }

    @Test
    void loadIsSharedWhereNothingIsSticky() {
        serveBoth(new AtomicBoolean(true));

        Set<String> answerers = IntStream.range(0, 40)
                .mapToObj(_ -> answerer(RawClient.post(CHAT, body("shared", "")).toEnd()))
                .collect(Collectors.toSet());

        assertThat(answerers).as("one side alone has a chance of 2^-39").containsExactlyInAnyOrder("left", "right");
    }

    @Test
    void conversationLeavesABrokenTargetAndComesBackOnceItHasRecovered() {
        AtomicBoolean leftWorks = new AtomicBoolean(true);
        serveBoth(leftWorks);
        String key = IntStream.range(0, 100)
                .mapToObj(i -> "key-" + i)
                .filter(candidate -> byHeader(candidate).equals("left"))
                .findFirst()
                .orElseThrow();
        leftWorks.set(false);
        int before = upstream.calls("left");

        assertThat(byHeader(key)).as("falls back").isEqualTo("right");
        assertThat(byHeader(key)).as("asks the other at once").isEqualTo("right");
        assertThat(upstream.calls("left")).isEqualTo(before + 1);

        leftWorks.set(true);
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(byHeader(key)).isEqualTo("left"));
    }

    @Test
    void everyEndpointRefusesAtOnceWhileAllBreakersAreOpen() {
        upstream.model("lonely", call -> call.refuse(BROKEN, "", "{}"));
        upstream.model("forsaken", call -> call.refuse(BROKEN, "", "{}"));
        assertThat(RawClient.post(CHAT, body("lonely", "")).toEnd().status()).isEqualTo(502);

        assertCircuitOpen(503, RawClient.post(CHAT, body("lonely", "")));
        assertCircuitOpen(503, RawClient.post(CHAT, body("lonely", ",\"stream\":true")));
        assertCircuitOpen(503, RawClient.post(STREAMS, body("lonely", "")));
        assertCircuitOpen(503, RawClient.post(STREAMS, body("lonely", ""), "Accept: application/x-ndjson"));
        assertCircuitOpen(503, RawClient.post(STREAMS, body("lonely", ""), "Prefer: respond-async"));
        assertCircuitOpen(503, RawClient.post("/v1/responses", "{\"model\":\"lonely\",\"input\":\"Hi\"}"));
        RawClient message = RawClient.post("/v1/messages", body("lonely", ",\"max_tokens\":9"));
        assertThat(Json.read(assertRefused(529, message))
                        .at("/error/details/error_code")
                        .asText())
                .isEqualTo("CIRCUIT_OPEN");
        assertThat(assertRefused(503, RawClient.post("/api/chat", chatBody("lonely", "c1"))))
                .isEqualTo("The model's provider failed too often and is left alone for a while.");
        try (SocketClient socket = SocketClient.open("/v1/ws")) {
            socket.send("{\"type\":\"start\"," + body("lonely", "").substring(1));
            JsonNode error = socket.next("request_error").path("error");
            assertThat(error.path("code").asText()).isEqualTo("CIRCUIT_OPEN");
        }
        assertThat(upstream.calls("lonely") + upstream.calls("forsaken")).isEqualTo(2);
    }

    @Test
    void fallingBackTellsNothingOfTheProvider() {
        upstream.model(
                "dying",
                call -> call.refuse(
                        BROKEN,
                        "",
                        "{\"error\":{\"message\":\"sk-upstream-canary-key is bad at " + upstream.baseUrl() + "\"}}"));
        upstream.model("standby", call -> call.answer("Hello"));

        RawClient client = RawClient.post(STREAMS, body("careful", "")).toEnd();

        assertThat(client.frames().phases()).contains("falling_back");
        assertThat(client.frames().text()).isEqualTo("Hello");
        assertThat(client.body()).doesNotContain("canary", "127.0.0.1", "dying", "standby");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    400 Bad Request              | {"error":{"message":"no","code":"unsupported_parameter"}}                  | 0
                    400 Bad Request              | {"error":{"message":"no","code":"context_length_exceeded"}}                | 1
                    400 Bad Request              | {"error":{"message":"prompt is too long: 9 tokens > 8 maximum"}}           | 1
                    404 Not Found                | {"error":{"message":"no","code":"model_not_found"}}                        | 1
                    413 Payload Too Large        | {}                                                                         | 1
                    422 Unprocessable Entity     | {}                                                                         | 0
                    401 Unauthorized             | {}                                                                         | 1
                    402 Payment Required         | {}                                                                         | 1
                    """)
    void anotherModelIsAskedWhereTheRequestIsNotAtFault(String status, String said, int calls) {
        upstream.model("small", call -> call.refuse(status, "", said));
        upstream.model("large", call -> call.answer("Hello"));

        RawClient client = RawClient.post(CHAT, body("small", "")).toEnd();

        assertThat(client.status()).isEqualTo(calls == 0 ? 400 : 200);
        assertThat(upstream.calls("small")).isEqualTo(1);
        assertThat(upstream.calls("large")).isEqualTo(calls);
    }

    @Test
    void modelsAreListedByTheirPublicNamesOnly() {
        RawClient client = RawClient.get("/v1/models").toEnd();

        assertThat(Json.read(client.body()).path("data"))
                .extracting(model -> model.path("id").asText())
                .containsExactly("careful", "demo", "discreet", "lonely", "shared", "small");
        assertThat(client.body()).doesNotContain("left", "*", "standby", "127.0.0.1");
    }

    private static void assertCircuitOpen(int status, RawClient request) {
        JsonNode error = Json.read(assertRefused(status, request)).path("error");
        assertThat(error.path("code").asText()).isEqualTo("CIRCUIT_OPEN");
    }

    private static String assertRefused(int status, RawClient request) {
        RawClient client = request.toEnd();
        assertThat(client.status()).as(client.body()).isEqualTo(status);
        assertThat(Integer.parseInt(client.header("retry-after"))).isBetween(1, 3);
        return client.body();
    }
}
