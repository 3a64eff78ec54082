package dev.sluice.gateway.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(PatientProfile.class)
class OperationsTest {

    @ParameterizedTest
    @ValueSource(strings = {"/q/health", "/q/health/live", "/q/health/ready"})
    void healthIsUp(String path) {
        given().get(path).then().statusCode(200).body("status", equalTo("UP"));
    }

    @Test
    void metricsShowWhatStreamsDo() {
        given().contentType("application/json")
                .body(
                        "{\"model\":\"demo\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"sluice\":{\"simulate\":{\"chunks\":1,\"first_ms\":0}}}")
                .post("/v1/chat/completions")
                .then()
                .statusCode(200);

        given().get("/q/metrics")
                .then()
                .statusCode(200)
                .body(containsString("sluice_streams_started_total"))
                .body(containsString("sluice_streams_active"))
                .body(containsString("sluice_streams_ended_seconds_count"))
                .body(containsString("sluice_stream_time_to_first_chunk_seconds_bucket"))
                .body(containsString("sluice_streams_state{state=\"streaming\"}"))
                .body(containsString("sluice_streams_readers"))
                .body(containsString("sluice_log_bytes"));
    }

    @Test
    void openApiNamesEveryEndpoint() {
        String document =
                given().get("/q/openapi").then().statusCode(200).extract().asString();

        assertThat(document)
                .contains("/v1/chat/completions", "/v1/streams", "/v1/streams/{id}", "/v1/models", "/v1/models/{id}");
    }

    @Test
    void modelsAreListedAsOpenAiListsThem() {
        given().get("/v1/models")
                .then()
                .statusCode(200)
                .body("object", equalTo("list"))
                .body("data.id", hasItem("demo"))
                .body("data.object", hasItem("model"));
        given().get("/v1/models/upstream/any-model").then().statusCode(200).body("owned_by", equalTo("upstream"));
    }
}
