package dev.sluice.gateway.api;

import static dev.sluice.gateway.api.ChatBody.body;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One stream, in every format that {@code ?format=} offers. */
@QuarkusTest
@TestProfile(PatientProfile.class)
class FormatsTest {

    private static final String PATH = "/v1/streams";

    private final UpstreamDouble upstream = Doubles.upstream();

    /** Returns the path of a stream that has ended. */
    private String ended(String... contents) {
        String model = upstream.model(call -> call.answer(contents));
        return PATH + "/" + RawClient.post(PATH, body(model)).toEnd().header("x-stream-id");
    }

    @Test
    void theSameStreamCanBeReadInEachFormat() {
        String path = ended("one\n", "two");

        Frames json = RawClient.get(path + "?format=legacy-json").toEnd().frames();
        assertThat(json.events().get(3).data()).isEqualTo("{\"chunk\":\"one\\n\"}");
        assertThat(json.last().json().path("final_response").asText()).isEqualTo("one\ntwo");
        Frames text = RawClient.get(path + "?format=text").toEnd().frames();
        assertThat(text.events()).extracting(Frames.Frame::data).containsExactly("one\n", "two", "");
        Frames openai = RawClient.get(path + "?format=openai").toEnd().frames();
        assertThat(openai.completionText()).isEqualTo("one\ntwo");
        assertThat(openai.last().data()).isEqualTo("[DONE]");
        assertThat(RawClient.get(path + "?format=standard").toEnd().body())
                .isEqualTo(RawClient.get(path).toEnd().body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"legacy-json", "text"})
    void resumesAfterEachIdAndStaysAwayAfterTheLast(String format) {
        String path = ended("a", "b", "c") + "?format=" + format;
        List<Frames.Frame> all = RawClient.get(path).toEnd().frames().events();

        for (int i = 0; i < all.size() - 1; i++) {
            assertThat(RawClient.get(path, "Last-Event-ID: " + all.get(i).id())
                            .toEnd()
                            .frames()
                            .events())
                    .isEqualTo(all.subList(i + 1, all.size()));
        }
        assertThat(RawClient.get(path, "Last-Event-ID: " + all.getLast().id())
                        .toEnd()
                        .status())
                .isEqualTo(204);
    }

    @Test
    void startsInAFormat() {
        String model = upstream.model(call -> call.answer("a", "b"));

        assertThat(RawClient.post(PATH + "?format=text", body(model))
                        .toEnd()
                        .frames()
                        .events())
                .extracting(Frames.Frame::data)
                .containsExactly("a", "b", "");
    }

    @Test
    void legacyJsonComesAsLinesToWhoeverAcceptsThem() {
        RawClient client = RawClient.get(ended("a", "b") + "?format=legacy-json", "Accept: application/x-ndjson")
                .toEnd();

        assertThat(client.header("content-type")).startsWith("application/x-ndjson");
        List<JsonNode> lines = client.body()
                .lines()
                .filter(line -> !line.isEmpty())
                .map(Json::read)
                .toList();
        assertThat(lines).hasSize(6);
        assertThat(lines.get(3)).isEqualTo(Json.read("{\"chunk\":\"a\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TEXT", "", "xml", "legacy"})
    void unknownFormatIsRefusedWithTheValidOnes(String format) {
        List<RawClient> refused = List.of(
                RawClient.get(ended("a") + "?format=" + format).toEnd(),
                RawClient.post(PATH + "?format=" + format, body("demo")).toEnd());

        assertThat(refused).allSatisfy(client -> {
            assertThat(client.status()).isEqualTo(400);
            JsonNode error = Json.read(client.body()).path("error");
            assertThat(error.path("param").asText()).isEqualTo("format");
            assertThat(error.path("message").asText())
                    .isEqualTo("format must be standard, legacy-json, text or openai.");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "text, application/x-ndjson, 406",
        "text, application/json, 406",
        "text, text/html, 406",
        "text, text/*, 200",
        "legacy-json, text/html, 406",
        "legacy-json, '*/*', 200",
        "openai, application/json, 406"
    })
    void formIsChosenByWhatTheClientAccepts(String format, String accept, int status) {
        assertThat(RawClient.get(ended("a") + "?format=" + format, "Accept: " + accept)
                        .toEnd()
                        .status())
                .isEqualTo(status);
    }
}
