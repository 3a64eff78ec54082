package dev.sluice.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.admission.AdmissionGate;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings of a running gateway have their effect, and an admin sees and closes its breakers. */
@QuarkusTest
@TestProfile(OverridesProfile.class)
class OverridesTest {

    private static final String BREAKERS = "/v1/breakers";
    private static final String RESET = BREAKERS + "/reset";

    @Inject
    AdmissionGate gate;

    @AfterEach
    void nothingIsHeldAnyMore() {
        await().atMost(Duration.ofSeconds(5)).until(() -> gate.inUse() == 0);
    }

    private static Frames stream(String model, String script) {
        return RawClient.post(
                        "/v1/streams",
                        "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + model
                                + "\"}],\"sluice\":{\"simulate\":{" + script + "}}}",
                        StrictProfile.ALICE)
                .toEnd()
                .frames();
    }

    private static JsonNode failure(String model, String script) {
        return stream(model, script).last().json().path("data");
    }

    private static RawClient reset(String query) {
        return RawClient.post(RESET + query, "", StrictProfile.ROOT).toEnd();
    }

    private static JsonNode breaker(String name) {
        RawClient client = RawClient.get(BREAKERS, StrictProfile.ROOT).toEnd();
        assertThat(client.status()).as(client.body()).isEqualTo(200);
        for (JsonNode breaker : Json.read(client.body()).path("breakers")) {
            if (breaker.path("target").asText().equals(name)) {
                return breaker;
            }
        }
        throw new AssertionError("no breaker of " + name + " in " + client.body());
    }

    @ParameterizedTest
    @CsvSource({"simulator/any, 2", "eager, 4"})
    void attemptsAreThoseForAllOrTheModelsOwn(String model, int attempts) {
        Frames frames = stream(model, "\"fail_first\":99,\"status\":503");

        assertThat(frames.phases().stream().filter("connecting"::equals)).hasSize(attempts);
        assertThat(frames.last().json().path("data").path("cause").asText()).isEqualTo("SERVER");
    }

    @Test
    void providersClocksCountForItsModels() {
        JsonNode first = failure("hasty/any", "\"chunks\":2,\"first_ms\":5000");
        assertThat(first.path("cause").asText()).isEqualTo("TIMEOUT");
        assertThat(first.path("phase").asText()).isEqualTo("first_chunk");

        JsonNode idle = failure("hasty/any", "\"chunks\":2,\"first_ms\":0,\"interval_ms\":5000");
        assertThat(idle.path("code").asText()).isEqualTo("TIMEOUT");
        assertThat(idle.path("phase").asText()).isEqualTo("mid_stream");
    }

    @Test
    void modelsClocksCountMoreThanItsProviders() {
        Frames frames = stream("calm", "\"chunks\":2,\"first_ms\":0,\"interval_ms\":400");

        assertThat(frames.last().type()).isEqualTo("complete");
    }

    @Test
    void totalClockIsTheModelsOwnAndSaysSo() {
        JsonNode failure = failure("brief", "\"chunks\":100,\"first_ms\":0,\"interval_ms\":50");

        assertThat(failure.path("code").asText()).isEqualTo("TIMEOUT");
        assertThat(failure.path("phase").asText()).isEqualTo("total");
        assertThat(failure.path("partial").asBoolean()).isTrue();
    }

    @Test
    void breakerOfAModelOpensByItsOwnRuleAndIsClosedByHand() {
        assertThat(breaker("simulator/fragile").path("state").asText()).isEqualTo("closed");
        assertThat(breaker("simulator/fragile").path("failures").asInt()).isZero();
        failure("fragile", "\"fail_first\":99,\"status\":503");

        JsonNode open = breaker("simulator/fragile");
        assertThat(open.path("state").asText()).isEqualTo("open");
        assertThat(open.path("retry_in_ms").asLong()).isBetween(1L, 60_000L);
        assertThat(open.path("openings").asInt()).isEqualTo(1);
        assertThat(open.has("failures")).isFalse();
        assertThat(metrics())
                .contains("sluice_breaker_state{state=\"open\",target=\"simulator/fragile\"} 1.0")
                .contains("sluice_breaker_state{state=\"closed\",target=\"simulator/fragile\"} 0.0")
                .contains("sluice_breaker_openings_total{target=\"simulator/fragile\"} 1.0")
                .contains("sluice_breaker_state{state=\"closed\",target=\"simulator/eager\"} 1.0");

        assertThat(reset("?target=simulator/fragile").body()).isEqualTo("{\"closed\":1}");
        assertThat(reset("?target=simulator/fragile").body()).isEqualTo("{\"closed\":0}");
        assertThat(breaker("simulator/fragile").path("state").asText()).isEqualTo("closed");
        assertThat(stream("fragile", "\"chunks\":1,\"first_ms\":0").last().type())
                .isEqualTo("complete");
        assertThat(reset("?all=true").status()).isEqualTo(200);
    }

    @Test
    void breakersAreNobodysBusinessButAnAdmins() {
        assertThat(RawClient.get(BREAKERS, StrictProfile.ALICE).toEnd().status())
                .isEqualTo(403);
        assertThat(RawClient.post(RESET + "?all=true", "", StrictProfile.ALICE)
                        .toEnd()
                        .status())
                .isEqualTo(403);
        assertThat(RawClient.get(BREAKERS).toEnd().status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?all=false", "?target=nobody", "?target=simulator/eager&all=true", "?all=yes"})
    void resetSaysWhatItNeeds(String query) {
        RawClient client = reset(query);

        assertThat(client.status()).isEqualTo(400);
        assertThat(Json.read(client.body()).path("error").path("param").asText())
                .isEqualTo(query.contains("yes") ? "all" : "target");
    }

    private static String metrics() {
        return RawClient.get("/q/metrics", StrictProfile.ROOT).toEnd().body();
    }
}
