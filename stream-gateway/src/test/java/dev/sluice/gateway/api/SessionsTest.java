package dev.sluice.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.admission.AdmissionGate;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams seen from outside. Each test is a caller of its own. */
@QuarkusTest
@TestProfile(PatientProfile.class)
class SessionsTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String STREAMS = "/v1/streams";
    private static final AtomicInteger KEYS = new AtomicInteger();

    private final UpstreamDouble upstream = Doubles.upstream();
    private final String key = "Authorization: Bearer sessions-" + KEYS.incrementAndGet();

    @Inject
    AdmissionGate gate;

    @AfterEach
    void nothingIsHeldAnyMore() {
        RawClient.delete(STREAMS, key).toEnd();
        await().atMost(Duration.ofSeconds(5)).until(() -> gate.inUse() == 0);
    }

    private static String body(String model, String more) {
        return "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"PROMPT\"}]" + more + "}";
    }

    private RawClient start(String model) {
        return RawClient.post(STREAMS, body(model, ""), key);
    }

    private static String id(RawClient client) {
        return client.until(RawClient::hasHead).header("x-stream-id");
    }

    private JsonNode json(String path) {
        RawClient client = RawClient.get(path, key).toEnd();
        assertThat(client.status()).as(client.body()).isEqualTo(200);
        return Json.read(client.body());
    }

    private JsonNode status(RawClient client) {
        return json(STREAMS + "/" + id(client) + "/status");
    }

    private static List<String> ids(JsonNode page) {
        List<String> ids = new ArrayList<>();
        page.path("streams").forEach(stream -> ids.add(stream.path("stream_id").asText()));
        return ids;
    }

    @Test
    void statusTellsHowAStreamStandsFromItsStartToItsEnd() {
        String model = upstream.model();
        RawClient client = start(model).until("connecting");
        UpstreamCall call = upstream.next(model);

        JsonNode before = status(client);
        assertThat(before.path("stream_id").asText()).isEqualTo(id(client));
        assertThat(before.path("state").asText()).isEqualTo("connecting");
        assertThat(before.path("model").asText()).isEqualTo(model);
        assertThat(before.path("endpoint").asText()).isEqualTo(STREAMS);
        assertThat(before.path("attempts").asInt()).isEqualTo(1);
        assertThat(before.path("readers").asInt()).isEqualTo(1);
        assertThat(before.path("chunks").asInt()).isZero();
        assertThat(Json.names(before))
                .doesNotContain("caller", "time_to_first_chunk_ms", "ended_at", "usage", "error", "aborted_by");

        call.begin().text("Grüße").text("x");
        client.until("\"x\"");
        JsonNode amid = status(client);
        assertThat(amid.path("state").asText()).isEqualTo("streaming");
        assertThat(amid.path("provider").asText()).isEqualTo("upstream");
        assertThat(amid.path("target").asText()).isEqualTo(model);
        assertThat(amid.path("chunks").asInt()).isEqualTo(2);
        assertThat(amid.path("bytes").asInt()).isEqualTo(8);
        assertThat(amid.path("first_offset").asInt()).isZero();
        assertThat(amid.path("next_offset").asInt()).isEqualTo(5);
        assertThat(amid.has("time_to_first_chunk_ms")).isTrue();

        call.finish();
        client.toEnd();
        JsonNode after = status(client);
        assertThat(after.path("state").asText()).isEqualTo("completed");
        assertThat(after.path("next_offset").asInt()).isEqualTo(6);
        assertThat(after.path("usage")).isEqualTo(client.frames().last().json().at("/data/usage"));
        assertThat(after.at("/usage/estimated").asBoolean(true)).isFalse();
        assertThat(Json.names(after)).doesNotContain("error", "aborted_by");
        Instant started = Instant.parse(after.path("started_at").asText());
        Instant ended = Instant.parse(after.path("ended_at").asText());
        assertThat(started).isBetween(Instant.now().minusSeconds(60), Instant.now());
        assertThat(ended).isBetween(started, Instant.now().plusMillis(1));
        assertThat(after.path("age_ms").asLong())
                .isGreaterThanOrEqualTo(after.path("duration_ms").asLong());
        await().until(() -> status(client).path("readers").asInt() == 0);
    }

    @Test
    void statusOfAFailedStreamTellsItsError() {
        String model = upstream.model(call -> call.begin().text("Hel").reset());

        RawClient client = start(model).toEnd();

        JsonNode status = status(client);
        assertThat(status.path("state").asText()).isEqualTo("failed");
        assertThat(status.at("/error/code").asText()).isEqualTo("NETWORK");
        assertThat(status.at("/usage/estimated").asBoolean()).isTrue();
        assertThat(status.path("usage")).isEqualTo(client.frames().last().json().at("/data/usage"));
    }

    @Test
    void statusOfAStreamThatWaitsForItsNextAttemptSaysSo() {
        String model = upstream.model(call -> call.refuse("429 Too Many Requests", "Retry-After: 20\r\n", "{}"));

        RawClient client = start(model).until("retrying");

        assertThat(status(client).path("state").asText()).isEqualTo("retrying");
        assertThat(status(client).path("attempts").asInt()).isEqualTo(1);
    }

    @Test
    void abortedStreamTellsWhatItCostByEstimate() {
        String model = upstream.model();
        RawClient client = start(model);
        upstream.next(model).begin().text("two words");
        client.until("two words");

        RawClient.delete(STREAMS + "/" + id(client), key).toEnd();

        JsonNode usage = client.toEnd().frames().last().json().at("/data/usage");
        assertThat(usage.path("estimated").asBoolean()).isTrue();
        assertThat(usage.path("output_tokens").asInt()).isEqualTo(2);
        assertThat(usage.path("input_tokens").asInt()).isPositive();
        JsonNode status = status(client);
        assertThat(status.path("state").asText()).isEqualTo("aborted");
        assertThat(status.path("aborted_by").asText()).isEqualTo("caller");
        assertThat(status.at("/error/code").asText()).isEqualTo("CANCELLED");
        assertThat(status.path("usage")).isEqualTo(usage);
        await().atMost(Duration.ofSeconds(6))
                .untilAsserted(() -> assertThat(Doubles.collector().events(id(client)))
                        .anySatisfy(event -> {
                            assertThat(event.path("type").asText()).isEqualTo("stream.aborted");
                            assertThat(event.path("usage_estimated").asBoolean())
                                    .isTrue();
                            assertThat(event.path("output_tokens").asInt()).isEqualTo(2);
                        }));
    }

    @Test
    void listIsNewestFirstPageByPage() {
        String model = upstream.model(call -> call.answer("ANSWER"));
        List<String> started =
                IntStream.range(0, 5).mapToObj(_ -> id(start(model).toEnd())).toList();

        JsonNode all = json(STREAMS);
        assertThat(ids(all)).containsExactlyElementsOf(started.reversed());
        assertThat(all.has("next")).isFalse();
        assertThat(all.toString()).doesNotContain("PROMPT", "ANSWER");

        JsonNode first = json(STREAMS + "?limit=2");
        JsonNode second = json(STREAMS + "?limit=2&after=" + first.path("next").asText());
        JsonNode third = json(STREAMS + "?limit=2&after=" + second.path("next").asText());
        assertThat(ids(first)).containsExactly(started.get(4), started.get(3));
        assertThat(ids(second)).containsExactly(started.get(2), started.get(1));
        assertThat(ids(third)).containsExactly(started.get(0));
        assertThat(third.has("next")).isFalse();
    }

    @Test
    void listIsSiftedByState() {
        String model = upstream.model();
        RawClient running = start(model);
        upstream.next(model).begin().text("x");
        running.until("\"x\"");
        RawClient completed = start(upstream.model(call -> call.answer("x"))).toEnd();
        RawClient failed = start(upstream.model(call -> call.refuse("400 Bad Request", "", "{}")))
                .toEnd();

        assertThat(ids(json(STREAMS + "?state=running"))).containsExactly(id(running));
        assertThat(ids(json(STREAMS + "?state=streaming"))).containsExactly(id(running));
        assertThat(ids(json(STREAMS + "?state=ended"))).containsExactly(id(failed), id(completed));
        assertThat(ids(json(STREAMS + "?state=completed"))).containsExactly(id(completed));
        assertThat(ids(json(STREAMS + "?state=failed"))).containsExactly(id(failed));
        assertThat(ids(json(STREAMS + "?state=retrying"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0, limit",
        "limit=201, limit",
        "limit=x, limit",
        "after=x, after",
        "after=-1, after",
        "after=99999999999999999999, after",
        "state=asleep, state"
    })
    void listRefusesWhatItCannotMean(String query, String param) {
        RawClient client = RawClient.get(STREAMS + "?" + query, key).toEnd();

        assertThat(client.status()).isEqualTo(400);
        assertThat(Json.read(client.body()).at("/error/param").asText()).isEqualTo(param);
    }

    @Test
    void anotherCallersStreamsDoNotExist() {
        RawClient client = start(upstream.model(call -> call.answer("x"))).toEnd();
        String other = "Authorization: Bearer somebody-else";

        assertThat(ids(Json.read(RawClient.get(STREAMS, other).toEnd().body()))).doesNotContain(id(client));
        assertThat(RawClient.get(STREAMS + "/" + id(client) + "/status", other)
                        .toEnd()
                        .status())
                .isEqualTo(404);
    }

    /** Without configured callers nobody is an admin. */
    @ParameterizedTest
    @ValueSource(strings = {"?caller=anonymous", "/str_x?caller=anonymous", "/str_x/status?caller=anonymous"})
    void nobodyNamesACallerWhereNoneIsConfigured(String query) {
        RawClient client = RawClient.get(STREAMS + query, key).toEnd();

        assertThat(client.status()).isEqualTo(403);
        assertThat(Json.read(client.body()).at("/error/code").asText()).isEqualTo("FORBIDDEN");
        assertThat(RawClient.delete(STREAMS + "?all=true", key).toEnd().status())
                .isEqualTo(403);
    }

    @Test
    void completionIsFoundAndAbortedByTheNameInItsHeader() {
        String model = upstream.model();
        RawClient client = RawClient.post(CHAT, body(model, ",\"stream\":true"), key);
        UpstreamCall call = upstream.next(model).begin().text("kept");
        client.until("kept");

        assertThat(ids(json(STREAMS))).containsExactly(id(client));
        assertThat(status(client).path("endpoint").asText()).isEqualTo(CHAT);
        assertThat(RawClient.delete(STREAMS + "/" + id(client), key).toEnd().status())
                .isEqualTo(204);

        call.awaitClosed();
        assertThat(client.toEnd()
                        .frames()
                        .events()
                        .getFirst()
                        .json()
                        .path("object")
                        .asText())
                .isEqualTo("chat.completion.chunk");
        assertThat(client.body()).contains("\"CANCELLED\"").endsWith("data: [DONE]\n\n");
        assertThat(status(client).path("state").asText()).isEqualTo("aborted");
    }

    @Test
    void abortOfAllEndsTheCallersOwnAndSaysHowMany() {
        String model = upstream.model();
        List<RawClient> mine = List.of(start(model), start(model), RawClient.post(CHAT, body(model, ""), key));
        List<UpstreamCall> calls = mine.stream().map(_ -> upstream.next(model)).toList();
        String others = upstream.model();
        String other = "Authorization: Bearer sessions-other-" + KEYS.incrementAndGet();
        RawClient notMine = RawClient.post(STREAMS, body(others, ""), other);
        UpstreamCall untouched = upstream.next(others);
        start(upstream.model(call -> call.answer("ended before"))).toEnd();

        RawClient aborted = RawClient.delete(STREAMS, key).toEnd();

        assertThat(aborted.status()).isEqualTo(200);
        assertThat(aborted.body()).isEqualTo("{\"aborted\":3}");
        calls.forEach(UpstreamCall::awaitClosed);
        assertThat(ids(json(STREAMS + "?state=running"))).isEmpty();
        assertThat(ids(json(STREAMS + "?state=aborted"))).hasSize(3);
        assertThat(RawClient.delete(STREAMS + "?all=false", key).toEnd().body()).isEqualTo("{\"aborted\":0}");
        assertThat(untouched.isClosed()).isFalse();
        untouched.answer("unharmed");
        assertThat(notMine.toEnd().frames().text()).isEqualTo("unharmed");
        assertThat(mine.getLast().toEnd().status()).isEqualTo(499);
    }

    @Test
    void abortOfAllRefusesWhatItCannotMean() {
        RawClient client = RawClient.delete(STREAMS + "?all=maybe", key).toEnd();

        assertThat(client.status()).isEqualTo(400);
        assertThat(Json.read(client.body()).at("/error/param").asText()).isEqualTo("all");
    }

    @Test
    void completionMayAskForGraceAndBeReadOn() {
        String model = upstream.model();
        RawClient client =
                RawClient.post(CHAT, body(model, ",\"stream\":true,\"sluice\":{\"on_disconnect\":\"grace\"}"), key);
        UpstreamCall call = upstream.next(model).begin().text("a");
        client.until("\"a\"");

        client.reset();
        await().until(() -> status(client).path("readers").asInt() == 0);
        call.text("b").finish();

        assertThat(RawClient.get(STREAMS + "/" + id(client), key)
                        .toEnd()
                        .frames()
                        .text())
                .isEqualTo("ab");
    }

    @Test
    void drainedStreamEndsOnceItHasCostEnough() {
        String model = upstream.model();
        RawClient client = RawClient.post(STREAMS, body(model, ",\"on_disconnect\":{\"drain\":{\"tokens\":2}}"), key);
        UpstreamCall call = upstream.next(model).begin().text("a");
        client.until("\"a\"");

        client.reset();
        await().until(() -> status(client).path("readers").asInt() == 0);
        call.text(" two words");
        await().until(() -> status(client).path("chunks").asInt() == 2);
        assertThat(status(client).path("state").asText()).isEqualTo("streaming");
        call.text("too much!");

        call.awaitClosed();
        assertThat(status(client).path("aborted_by").asText()).isEqualTo("disconnect");
        assertThat(status(client).at("/usage/estimated").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    /v1/streams          | "on_disconnect":{"drain":{"tokens":0}}              | on_disconnect.drain.tokens
                    /v1/streams          | "on_disconnect":{"grace":{"seconds":601}}           | on_disconnect.grace.seconds
                    /v1/chat/completions | "sluice":{"on_disconnect":"explode"}                | sluice.on_disconnect
                    /v1/chat/completions | "sluice":{"on_disconnect":{"grace":{"seconds":0}}}  | sluice.on_disconnect.grace.seconds
                    """)
    void policyThatCannotBeMeantIsRefusedWithItsPath(String path, String field, String param) {
        RawClient client = RawClient.post(path, body("demo", "," + field), key).toEnd();

        assertThat(client.status()).isEqualTo(400);
        assertThat(Json.read(client.body()).at("/error/param").asText()).isEqualTo(param);
    }
}
