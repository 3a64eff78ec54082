package dev.sluice.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(PatientProfile.class)
class ResponsesTest {

    private static final String PATH = "/v1/responses";

    private final UpstreamDouble upstream = Doubles.upstream();

    private static String body(String model, String more) {
        return "{\"model\":\"" + model + "\",\"input\":\"Hi\"" + more + "}";
    }

    private static String streamed(String model) {
        return body(model, ",\"stream\":true");
    }

    @Test
    void streamsEveryStepFromCreatedToCompleted() {
        String model = upstream.model(call -> call.answer("Hel", "lo"));

        RawClient client = RawClient.post(PATH, streamed(model)).toEnd();

        assertThat(client.status()).isEqualTo(200);
        assertThat(client.header("content-type")).isEqualTo("text/event-stream; charset=utf-8");
        assertThat(client.frames().types())
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.completed");
        JsonNode response = client.frames().last().json().path("response");
        assertThat(response.path("id").asText()).isEqualTo("resp_" + client.header("x-stream-id"));
        assertThat(response.path("model").asText()).isEqualTo(model);
        assertThat(response.at("/output/0/content/0/text").asText()).isEqualTo("Hello");
        assertThat(response.at("/usage/total_tokens").asInt()).isEqualTo(10);
        assertThat(client.body()).doesNotContain("[DONE]");
    }

    @Test
    void wholeAnswerIsOneResponse() {
        String model = upstream.model(call -> call.answer("Grüße ", "👋"));

        RawClient client = RawClient.post(PATH, body(model, "")).toEnd();

        assertThat(client.status()).isEqualTo(200);
        assertThat(client.header("content-type")).isEqualTo("application/json");
        JsonNode response = Json.read(client.body());
        assertThat(response.path("object").asText()).isEqualTo("response");
        assertThat(response.path("id").asText()).isEqualTo("resp_" + client.header("x-stream-id"));
        assertThat(response.path("status").asText()).isEqualTo("completed");
        assertThat(response.at("/output/0/content/0/text").asText()).isEqualTo("Grüße 👋");
    }

    @Test
    void theProviderGetsAChat() {
        String model = upstream.model();
        RawClient client = RawClient.post(
                PATH,
                body(
                        model,
                        ",\"stream\":true,\"instructions\":\"Be brief.\",\"max_output_tokens\":9,\"store\":true,"
                                + "\"tools\":[{\"type\":\"function\",\"name\":\"f\"}]"));

        UpstreamCall call = upstream.next(model);
        call.answer("x");
        client.toEnd();

        assertThat(Json.names(call.request()))
                .containsExactly("max_completion_tokens", "messages", "model", "stream", "stream_options", "tools");
        assertThat(call.request().at("/messages/0/role").asText()).isEqualTo("system");
        assertThat(call.request().at("/tools/0/function/name").asText()).isEqualTo("f");
    }

    @Test
    void aFailureBeforeTheFirstEventHasItsStatus() {
        String model = upstream.model(call -> call.refuse("400 Bad Request", "", "{\"error\":{\"message\":\"no\"}}"));

        RawClient client = RawClient.post(PATH, streamed(model)).toEnd();

        assertThat(client.status()).isEqualTo(400);
        assertThat(Json.read(client.body()).at("/error/code").asText()).isEqualTo("PROVIDER_REJECTED");
    }

    @Test
    void aFailureAmidTheAnswerIsAnErrorAndAFailedResponse() {
        String model = upstream.model(call -> call.begin().text("Hel").reset());

        List<Frames.Frame> events =
                RawClient.post(PATH, streamed(model)).toEnd().frames().events();

        Frames.Frame error = events.get(events.size() - 2);
        assertThat(error.event()).isEqualTo("error");
        assertThat(error.json().at("/error/code").asText()).isEqualTo("NETWORK");
        assertThat(events.getLast().json().at("/response/status").asText()).isEqualTo("failed");
    }

    @Test
    void aClientThatGoesAwayEndsTheProvidersWork() {
        String model = upstream.model();
        RawClient client = RawClient.post(PATH, streamed(model));
        UpstreamCall call = upstream.next(model).begin().text("x");
        client.until("output_text.delta");

        client.close();

        call.awaitClosed();
    }

    @Test
    void anItemMayBeReferredToByItsOwnerWhileItsStreamIsKept() {
        String first = upstream.model(call -> call.answer("Earlier"));
        String item = Json.read(RawClient.post(PATH, body(first, "")).toEnd().body())
                .at("/output/0/id")
                .asText();
        String second = upstream.model();
        String request = "{\"model\":\"" + second + "\",\"input\":[{\"type\":\"item_reference\",\"id\":\"" + item
                + "\"},{\"role\":\"user\",\"content\":\"And?\"}]}";

        RawClient stranger = RawClient.post(PATH, request, "Authorization: Bearer somebody-else")
                .toEnd();
        RawClient owner = RawClient.post(PATH, request);
        UpstreamCall call = upstream.next(second);
        call.answer("Later");
        owner.toEnd();

        assertThat(stranger.status()).isEqualTo(400);
        assertThat(Json.read(stranger.body()).at("/error/param").asText()).isEqualTo("input[0].id");
        assertThat(call.request().at("/messages/0"))
                .isEqualTo(Json.read("{\"role\":\"assistant\",\"content\":\"Earlier\"}"));
        assertThat(upstream.calls(second)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "input                | {\"model\":\"demo\"}",
                "model                | {\"input\":\"x\"}",
                "temperature          | {\"model\":\"demo\",\"input\":\"x\",\"temperature\":9}",
                "stream               | {\"model\":\"demo\",\"input\":\"x\",\"stream\":\"yes\"}",
                "previous_response_id | {\"model\":\"demo\",\"input\":\"x\",\"previous_response_id\":\"resp_1\"}",
                "tools[0].type        | {\"model\":\"demo\",\"input\":\"x\",\"tools\":[{\"type\":\"web_search\"}]}"
            })
    void aBadRequestNamesItsField(String param, String request) {
        RawClient client = RawClient.post(PATH, request).toEnd();

        assertThat(client.status()).isEqualTo(400);
        assertThat(Json.read(client.body()).at("/error/param").asText()).isEqualTo(param);
        assertThat(Json.read(client.body()).at("/error/code").asText()).isEqualTo("INVALID_REQUEST");
    }
}
