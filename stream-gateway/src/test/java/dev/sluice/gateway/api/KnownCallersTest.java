package dev.sluice.gateway.api;

import static dev.sluice.gateway.api.ChatBody.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.admission.AdmissionGate;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway that knows its callers, and how much it can take. */
@QuarkusTest
@TestProfile(StrictProfile.class)
class KnownCallersTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String STREAMS = "/v1/streams";
    private static final String MESSAGES = "/v1/messages";

    private final UpstreamDouble upstream = Doubles.upstream();

    @Inject
    AdmissionGate gate;

    @AfterEach
    void nothingIsHeldAnyMore() {
        await().atMost(Duration.ofSeconds(5)).until(() -> gate.inUse() == 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Nothing: 1",
                "Authorization: Bearer sk-wrong",
                "Authorization: Bearer",
                "Authorization: Bearer ",
                "Authorization: Basic c2stYWxpY2UtY2FuYXJ5LWtleQ==",
                "Authorization: sk-alice-canary-key",
                "x-api-key: sk-wrong",
                "x-api-key: "
            })
    void nobodyElseGetsIn(String header) {
        String model = upstream.model(call -> call.answer("never"));
        List<RawClient> refused = List.of(
                RawClient.post(CHAT, body(model, ""), header).toEnd(),
                RawClient.post(STREAMS, body(model, ""), header).toEnd(),
                RawClient.get(STREAMS + "/str_x", header).toEnd(),
                RawClient.delete(STREAMS + "/str_x", header).toEnd(),
                RawClient.get("/v1/models", header).toEnd(),
                RawClient.get("/v1/models/demo", header).toEnd());

        assertThat(refused).allSatisfy(client -> {
            assertThat(client.status()).isEqualTo(401);
            assertThat(client.header("www-authenticate")).isEqualTo("Bearer");
            JsonNode error = Json.read(client.body()).path("error");
            assertThat(error.path("code").asText()).isEqualTo("UNAUTHENTICATED");
            assertThat(error.path("type").asText()).isEqualTo("authentication_error");
            assertThat(client.body()).doesNotContain("sk-");
        });
        assertThat(upstream.calls(model)).isZero();
    }

    /** Or whoever reaches the port could fill the memory with bodies that never end. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 4000000", "Transfer-Encoding: chunked"})
    void nobodyElseIsListenedToForLong(String length) {
        String head = "POST " + MESSAGES + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "x-api-key: sk-wrong\r\n" + length + "\r\n\r\n";

        try (RawClient client = RawClient.connect().send(head.getBytes(StandardCharsets.US_ASCII))) {
            client.until(RawClient::complete);

            assertThat(client.status()).isEqualTo(401);
            assertThat(client.header("www-authenticate")).isEqualTo("Bearer");
            assertThat(Json.read(client.body()).at("/error/type").asText()).isEqualTo("authentication_error");
        }
    }

    /** A connection that ended amid a long prompt would be all that the client gets to see. */
    @Test
    void whoIsRefusedAmidALongBodyKeepsTheConnection() {
        byte[] prompt = new byte[1_000_000];
        String head = "POST " + CHAT + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                + prompt.length + "\r\n\r\n";

        try (RawClient client = RawClient.connect().send(head.getBytes(StandardCharsets.US_ASCII))) {
            client.until(RawClient::complete);
            client.send(prompt)
                    .send("GET /v1/models HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n"
                            .formatted(StrictProfile.ALICE)
                            .getBytes(StandardCharsets.US_ASCII));

            client.until(received -> received.raw().contains("\"object\":\"list\""));
        }
    }

    @Test
    void anthropicsClientsAreToldInTheirForm() {
        String model = upstream.model();

        for (String path : List.of(MESSAGES, MESSAGES + "/count_tokens")) {
            RawClient client = RawClient.post(path, body(model, ",\"max_tokens\":1"), "x-api-key: sk-wrong")
                    .toEnd();

            assertThat(client.status()).isEqualTo(401);
            assertThat(Json.read(client.body()).at("/error/type").asText()).isEqualTo("authentication_error");
            assertThat(client.header("request-id"))
                    .isEqualTo(Json.read(client.body()).path("request_id").asText());
        }
        assertThat(upstream.calls(model)).isZero();
    }

    @Test
    void anthropicsClientsKnowOverloadByItsOwnStatus() {
        String model = upstream.model();
        RawClient first = RawClient.post(CHAT, body(model, ""), StrictProfile.ALICE);
        UpstreamCall one = upstream.next(model);
        RawClient second = RawClient.post(CHAT, body(model, ""), StrictProfile.BOB);
        UpstreamCall two = upstream.next(model);

        RawClient third = RawClient.post(
                        MESSAGES, body(model, ",\"max_tokens\":1,\"stream\":true"), StrictProfile.ALICE)
                .toEnd();

        assertThat(third.status()).isEqualTo(529);
        assertThat(third.header("retry-after")).isEqualTo("1");
        assertThat(Json.read(third.body()).at("/error/type").asText()).isEqualTo("overloaded_error");
        one.answer("a");
        two.answer("b");
        first.toEnd();
        second.toEnd();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization: Bearer sk-alice-canary-key",
                "authorization: bearer  sk-alice-canary-key",
                "x-api-key: sk-alice-canary-key"
            })
    void configuredKeyGetsIn(String header) {
        String model = upstream.model(call -> call.answer("welcome"));

        RawClient client =
                RawClient.post(CHAT, body(model, ",\"stream\":true"), header).toEnd();

        assertThat(client.frames().completionText()).isEqualTo("welcome");
    }

    @Test
    void streamOfOneCallerDoesNotExistForAnother() {
        String model = upstream.model(call -> call.answer("for Alice"));
        String path = STREAMS + "/"
                + RawClient.post(STREAMS, body(model, ""), StrictProfile.ALICE)
                        .toEnd()
                        .header("x-stream-id");

        assertThat(RawClient.get(path, StrictProfile.BOB).toEnd().status()).isEqualTo(404);
        assertThat(RawClient.delete(path, StrictProfile.BOB).toEnd().status()).isEqualTo(404);
        assertThat(RawClient.get(path, StrictProfile.ALICE).toEnd().frames().text())
                .isEqualTo("for Alice");
    }

    @Test
    void twoCallersMayUseTheSameName() {
        String model = upstream.model(call -> call.answer("mine"));
        for (String caller : List.of(StrictProfile.ALICE, StrictProfile.BOB)) {
            RawClient client = RawClient.post(STREAMS, body(model, ",\"stream_id\":\"same-name\""), caller)
                    .toEnd();
            assertThat(client.frames().text()).isEqualTo("mine");
        }
        assertThat(upstream.calls(model)).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({CHAT + ",true", CHAT + ",false", STREAMS + ",true"})
    void streamBeyondTheLimitIsRefusedUntilAnotherEnds(String path, boolean stream) {
        String model = upstream.model();
        RawClient first = RawClient.post(CHAT, body(model, ""), StrictProfile.ALICE);
        UpstreamCall one = upstream.next(model);
        RawClient second = RawClient.post(STREAMS, body(model, ""), StrictProfile.BOB);
        UpstreamCall two = upstream.next(model);

        RawClient third = RawClient.post(path, body(model, ",\"stream\":" + stream), StrictProfile.ALICE)
                .toEnd();

        assertThat(third.status()).isEqualTo(503);
        assertThat(third.header("retry-after")).isEqualTo("1");
        assertThat(Json.read(third.body()).at("/error/code").asText()).isEqualTo("OVERLOADED");
        assertThat(upstream.calls(model)).isEqualTo(2);
        await().atMost(Duration.ofSeconds(6))
                .untilAsserted(() -> assertThat(Doubles.collector().events()).anySatisfy(event -> {
                    assertThat(event.path("type").asText()).isEqualTo("request.rejected");
                    assertThat(event.path("error_type").asText()).isEqualTo("OVERLOADED");
                    assertThat(event.path("endpoint").asText()).isEqualTo(path);
                    assertThat(event.path("http_status").asInt()).isEqualTo(503);
                }));
        one.answer("1");
        assertThat(first.toEnd().status()).isEqualTo(200);
        RawClient fourth = RawClient.post(path, body(model, ",\"stream\":" + stream), StrictProfile.ALICE);
        upstream.next(model).answer("4");
        assertThat(fourth.toEnd().status()).isEqualTo(200);
        two.answer("2");
        second.toEnd();
    }

    /** A refused join holds no permit, and readers need none, not even where there is none left. */
    @Test
    void readersOfARunningStreamNeedNoPermit() {
        String model = upstream.model();
        String request = body(model, ",\"stream_id\":\"crowded\"");
        RawClient first = RawClient.post(STREAMS, request, StrictProfile.ALICE);
        UpstreamCall call = upstream.next(model);
        RawClient last = RawClient.post(STREAMS, body(model, ""), StrictProfile.BOB);
        UpstreamCall lastCall = upstream.next(model);
        List<RawClient> readers = List.of(
                RawClient.get(STREAMS + "/crowded", StrictProfile.ALICE),
                RawClient.get(STREAMS + "/crowded", StrictProfile.ALICE),
                RawClient.post(STREAMS, request, StrictProfile.ALICE));
        readers.forEach(reader -> reader.until("connecting"));
        call.answer("shared");
        lastCall.answer("last");
        last.toEnd();

        assertThat(first.toEnd().frames().text()).isEqualTo("shared");
        assertThat(readers)
                .allSatisfy(reader -> assertThat(reader.toEnd().frames().text()).isEqualTo("shared"));
    }

    @Test
    void healthAndMetricsNeedNoKey() {
        assertThat(RawClient.get("/q/health").toEnd().status()).isEqualTo(200);
        assertThat(RawClient.get("/q/metrics").toEnd().status()).isEqualTo(200);
    }
}
