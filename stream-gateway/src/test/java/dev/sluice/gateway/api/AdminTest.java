package dev.sluice.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.admission.AdmissionGate;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an admin may, and nobody else. */
@QuarkusTest
@TestProfile(StrictProfile.class)
class AdminTest {

    private static final String STREAMS = "/v1/streams";
    private static final AtomicInteger NAMES = new AtomicInteger();

    private final UpstreamDouble upstream = Doubles.upstream();
    private final String name = "admin-" + NAMES.incrementAndGet();

    @Inject
    AdmissionGate gate;

    @AfterEach
    void nothingIsHeldAnyMore() {
        await().atMost(Duration.ofSeconds(5)).until(() -> gate.inUse() == 0);
    }

    private RawClient start(String model, String caller) {
        return RawClient.post(
                STREAMS,
                "{\"model\":\"" + model + "\",\"stream_id\":\"" + name
                        + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}",
                caller);
    }

    private static JsonNode json(String path, String caller) {
        RawClient client = RawClient.get(path, caller).toEnd();
        assertThat(client.status()).as(client.body()).isEqualTo(200);
        return Json.read(client.body());
    }

    /** Returns the owners of the streams of this test's name, as a list shows them. */
    private List<String> owners(String query, String caller) {
        List<String> owners = new ArrayList<>();
        json(STREAMS + query, caller).path("streams").forEach(stream -> {
            if (stream.path("stream_id").asText().equals(name)) {
                owners.add(stream.path("caller").asText("not told"));
            }
        });
        return owners;
    }

    @Test
    void seesTheStreamsOfAllNewestFirst() {
        String model = upstream.model(call -> call.answer("x"));
        start(model, StrictProfile.ALICE).toEnd();
        start(model, StrictProfile.BOB).toEnd();
        start(model, StrictProfile.ROOT).toEnd();

        assertThat(owners("", StrictProfile.ROOT)).containsExactly("root", "bob", "alice");
        assertThat(owners("?caller=bob", StrictProfile.ROOT)).containsExactly("bob");
        assertThat(owners("", StrictProfile.ALICE)).containsExactly("not told");
        JsonNode first = json(STREAMS + "?limit=2", StrictProfile.ROOT);
        JsonNode second = json(STREAMS + "?limit=1&after=" + first.path("next").asText(), StrictProfile.ROOT);
        assertThat(first.at("/streams/1/caller").asText()).isEqualTo("bob");
        assertThat(second.at("/streams/0/caller").asText()).isEqualTo("alice");
    }

    @Test
    void followsAndAbortsAnothersStream() {
        String model = upstream.model();
        RawClient client = start(model, StrictProfile.ALICE);
        UpstreamCall call = upstream.next(model).begin().text("kept");
        client.until("kept");

        JsonNode status = json(STREAMS + "/" + name + "/status", StrictProfile.ROOT);
        assertThat(status.path("caller").asText()).isEqualTo("alice");
        assertThat(status.path("state").asText()).isEqualTo("streaming");
        RawClient following =
                RawClient.get(STREAMS + "/" + name, StrictProfile.ROOT).until("kept");
        assertThat(RawClient.delete(STREAMS + "/" + name, StrictProfile.ROOT)
                        .toEnd()
                        .status())
                .isEqualTo(204);

        call.awaitClosed();
        assertThat(following.toEnd().body()).isEqualTo(client.toEnd().body());
    }

    @Test
    void saysWhoseStreamIsMeantWhereTwoHaveOneName() {
        start(upstream.model(call -> call.answer("of Alice")), StrictProfile.ALICE)
                .toEnd();
        start(upstream.model(call -> call.answer("of Bob")), StrictProfile.BOB).toEnd();

        RawClient ambiguous =
                RawClient.get(STREAMS + "/" + name, StrictProfile.ROOT).toEnd();
        assertThat(ambiguous.status()).isEqualTo(400);
        assertThat(Json.read(ambiguous.body()).at("/error/param").asText()).isEqualTo("caller");
        assertThat(RawClient.get(STREAMS + "/" + name + "?caller=alice", StrictProfile.ROOT)
                        .toEnd()
                        .frames()
                        .text())
                .isEqualTo("of Alice");
        assertThat(json(STREAMS + "/" + name + "/status?caller=bob", StrictProfile.ROOT)
                        .path("caller")
                        .asText())
                .isEqualTo("bob");

        start(upstream.model(call -> call.answer("my own")), StrictProfile.ROOT).toEnd();
        assertThat(RawClient.get(STREAMS + "/" + name, StrictProfile.ROOT)
                        .toEnd()
                        .frames()
                        .text())
                .isEqualTo("my own");
    }

    @Test
    void abortsItsOwnUnlessItSaysAll() {
        String model = upstream.model();
        RawClient alice = start(model, StrictProfile.ALICE);
        upstream.next(model);
        RawClient bob = start(model, StrictProfile.BOB);
        upstream.next(model);

        assertThat(RawClient.delete(STREAMS, StrictProfile.ROOT).toEnd().body()).isEqualTo("{\"aborted\":0}");
        assertThat(RawClient.delete(STREAMS + "?caller=alice", StrictProfile.ROOT)
                        .toEnd()
                        .body())
                .isEqualTo("{\"aborted\":1}");
        assertThat(alice.toEnd().body()).contains("CANCELLED");
        assertThat(RawClient.delete(STREAMS + "?all=true", StrictProfile.ROOT)
                        .toEnd()
                        .body())
                .isEqualTo("{\"aborted\":1}");
        assertThat(bob.toEnd().body()).contains("CANCELLED");
    }

    @Test
    void namesOnlyCallersThatThereAre() {
        RawClient client =
                RawClient.get(STREAMS + "?caller=nobody", StrictProfile.ROOT).toEnd();

        assertThat(client.status()).isEqualTo(400);
        assertThat(Json.read(client.body()).at("/error/param").asText()).isEqualTo("caller");
        assertThat(RawClient.get(STREAMS + "/" + name, StrictProfile.ROOT)
                        .toEnd()
                        .status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"?caller=bob", "?caller=alice", "/str_x?caller=bob", "/str_x/status?caller=bob"})
    void isWhoMayNameACaller(String query) {
        RawClient client = RawClient.get(STREAMS + query, StrictProfile.ALICE).toEnd();

        assertThat(client.status()).isEqualTo(403);
        assertThat(Json.read(client.body()).at("/error/code").asText()).isEqualTo("FORBIDDEN");
    }

    @Test
    void isWhoMayAbortAll() {
        String model = upstream.model();
        RawClient client = start(model, StrictProfile.BOB);
        UpstreamCall call = upstream.next(model);

        for (String query : List.of("?all=true", "?caller=bob", "/str_x?caller=bob")) {
            assertThat(RawClient.delete(STREAMS + query, StrictProfile.ALICE)
                            .toEnd()
                            .status())
                    .isEqualTo(403);
        }
        assertThat(RawClient.delete(STREAMS, StrictProfile.ALICE).toEnd().body())
                .isEqualTo("{\"aborted\":0}");

        call.answer("unharmed");
        assertThat(client.toEnd().frames().text()).isEqualTo("unharmed");
    }

    @Test
    void unknownKeySeesNothing() {
        for (String path : List.of(STREAMS, STREAMS + "/" + name + "/status")) {
            assertThat(RawClient.get(path, "Authorization: Bearer sk-wrong")
                            .toEnd()
                            .status())
                    .isEqualTo(401);
        }
        assertThat(RawClient.delete(STREAMS).toEnd().status()).isEqualTo(401);
    }
}
