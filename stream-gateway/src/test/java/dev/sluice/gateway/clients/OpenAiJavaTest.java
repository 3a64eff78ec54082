package dev.sluice.gateway.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.NotFoundException;
import com.openai.errors.SseException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import dev.sluice.gateway.api.Doubles;
import dev.sluice.gateway.api.PatientProfile;
import dev.sluice.gateway.api.UpstreamCall;
import dev.sluice.gateway.api.UpstreamDouble;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** OpenAI's official client for Java: chat completions and the Responses API. */
@QuarkusTest
@TestProfile(PatientProfile.class)
class OpenAiJavaTest {

    private final UpstreamDouble upstream = Doubles.upstream();
    private OpenAIClient client;

    @BeforeEach
    void openClient() {
        client = OpenAIOkHttpClient.builder()
                .baseUrl(Answers.baseUrl())
                .apiKey("sk-caller")
                .maxRetries(0)
                .build();
    }

    @AfterEach
    void closeClient() {
        client.close();
    }

    @Test
    void accumulatesAStreamedChat() {
        String model = upstream.model(call -> call.answer("Hel", "lo"));
        ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();

        try (StreamResponse<ChatCompletionChunk> chunks =
                client.chat().completions().createStreaming(chat(model).build())) {
            chunks.stream().forEach(accumulator::accumulate);
        }

        ChatCompletion completion = accumulator.chatCompletion();
        assertThat(completion.choices().getFirst().message().content()).hasValue("Hello");
        assertThat(completion.choices().getFirst().finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
    }

    @Test
    void readsAWholeChat() {
        String model = upstream.model(call -> call.answer("Hello"));

        ChatCompletion completion =
                client.chat().completions().create(chat(model).build());

        completion.validate();
        assertThat(completion.choices().getFirst().message().content()).hasValue("Hello");
    }

    @Test
    void closingAChatClosesTheProvidersConnection() {
        CompletableFuture<UpstreamCall> asked = new CompletableFuture<>();
        String model = upstream.model(call -> asked.complete(call.begin().text("Hel")));

        try (StreamResponse<ChatCompletionChunk> chunks =
                client.chat().completions().createStreaming(chat(model).build())) {
            Iterator<ChatCompletionChunk> iterator = chunks.stream().iterator();
            while (content(iterator.next()).isEmpty()) {
                assertThat(asked.join().isClosed()).isFalse();
            }
        }

        asked.join().awaitClosed();
    }

    @Test
    void aFailureAmidAChatIsAnExceptionAfterTheTextSoFar() {
        String model = upstream.model(call -> call.begin().text("Hel").reset());
        StringBuilder text = new StringBuilder();

        try (StreamResponse<ChatCompletionChunk> chunks =
                client.chat().completions().createStreaming(chat(model).build())) {
            assertThatThrownBy(() -> chunks.stream().forEach(chunk -> text.append(content(chunk))))
                    .isInstanceOfSatisfying(
                            SseException.class,
                            failure -> assertThat(failure.code()).hasValue("NETWORK"));
        }

        assertThat(text.toString()).isEqualTo("Hel");
    }

    @Test
    void aChatCallsAToolAndGetsItsResult() {
        String asking = upstream.model(Answers::toolCall);
        ChatCompletionCreateParams.Builder conversation = chat(asking)
                .addTool(ChatCompletionFunctionTool.builder()
                        .function(FunctionDefinition.builder()
                                .name("weather")
                                .parameters(FunctionParameters.builder()
                                        .putAdditionalProperty("type", JsonValue.from("object"))
                                        .build())
                                .build())
                        .build());
        ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> chunks =
                client.chat().completions().createStreaming(conversation.build())) {
            chunks.stream().forEach(accumulator::accumulate);
        }
        var message = accumulator.chatCompletion().choices().getFirst().message();
        ChatCompletionMessageFunctionToolCall toolCall =
                message.toolCalls().orElseThrow().getFirst().asFunction();

        CompletableFuture<UpstreamCall> asked = new CompletableFuture<>();
        String knowing = upstream.model(call -> answerSunny(call, asked));
        conversation
                .model(knowing)
                .addMessage(message)
                .addMessage(ChatCompletionToolMessageParam.builder()
                        .toolCallId(toolCall.id())
                        .content("sunny")
                        .build());
        try (StreamResponse<ChatCompletionChunk> chunks =
                client.chat().completions().createStreaming(conversation.build())) {
            chunks.stream().forEach(chunk -> {});
        }

        JsonNode second = asked.join().request();
        assertThat(toolCall.function().arguments()).isEqualTo("{\"city\":\"Rome\"}");
        assertThat(second.at("/messages/2/content").asText()).isEqualTo("sunny");
        assertThat(second.at("/messages/2/tool_call_id").asText()).isEqualTo("call_1");
    }

    @Test
    void accumulatesAStreamedResponse() {
        String model = upstream.model(call -> {
            call.begin().data(UpstreamCall.frame("{\"reasoning_content\":\"Hm\"}", null));
            call.text("Hel").text("lo").finish();
        });
        ResponseAccumulator accumulator = ResponseAccumulator.create();

        try (StreamResponse<ResponseStreamEvent> events =
                client.responses().createStreaming(response(model).build())) {
            events.stream().map(ResponseStreamEvent::validate).forEach(accumulator::accumulate);
        }

        Response response = accumulator.response();
        response.validate();
        assertThat(response.status()).hasValue(ResponseStatus.COMPLETED);
        assertThat(response.output()
                        .getFirst()
                        .asReasoning()
                        .summary()
                        .getFirst()
                        .text())
                .isEqualTo("Hm");
        assertThat(text(response)).isEqualTo("Hello");
        assertThat(response.usage().orElseThrow().totalTokens()).isEqualTo(10);
    }

    @Test
    void readsAWholeResponse() {
        String model = upstream.model(call -> call.answer("Hello"));

        Response response = client.responses().create(response(model).build());

        response.validate();
        assertThat(text(response)).isEqualTo("Hello");
    }

    @Test
    void closingAResponseClosesTheProvidersConnection() {
        CompletableFuture<UpstreamCall> asked = new CompletableFuture<>();
        String model = upstream.model(call -> asked.complete(call.begin().text("Hel")));

        try (StreamResponse<ResponseStreamEvent> events =
                client.responses().createStreaming(response(model).build())) {
            Iterator<ResponseStreamEvent> iterator = events.stream().iterator();
            while (!iterator.next().isOutputTextDelta()) {
                assertThat(asked.join().isClosed()).isFalse();
            }
        }

        asked.join().awaitClosed();
    }

    @Test
    void aFailureAmidAResponseIsAnExceptionAfterTheTextSoFar() {
        String model = upstream.model(call -> call.begin().text("Hel").reset());
        StringBuilder text = new StringBuilder();

        try (StreamResponse<ResponseStreamEvent> events =
                client.responses().createStreaming(response(model).build())) {
            assertThatThrownBy(() -> events.stream()
                            .forEach(event -> event.outputTextDelta().ifPresent(delta -> text.append(delta.delta()))))
                    .isInstanceOfSatisfying(
                            SseException.class,
                            failure -> assertThat(failure.code()).hasValue("NETWORK"));
        }

        assertThat(text.toString()).isEqualTo("Hel");
    }

    @Test
    void aResponseCallsAToolAndGetsItsResult() {
        String asking = upstream.model(Answers::toolCall);
        FunctionTool tool = FunctionTool.builder()
                .name("weather")
                .parameters(FunctionTool.Parameters.builder()
                        .putAdditionalProperty("type", JsonValue.from("object"))
                        .build())
                .strict(false)
                .build();
        ResponseAccumulator accumulator = ResponseAccumulator.create();
        try (StreamResponse<ResponseStreamEvent> events = client.responses()
                .createStreaming(response(asking).addTool(tool).build())) {
            events.stream().forEach(accumulator::accumulate);
        }
        ResponseFunctionToolCall toolCall =
                accumulator.response().output().getFirst().asFunctionCall();

        CompletableFuture<UpstreamCall> asked = new CompletableFuture<>();
        String knowing = upstream.model(call -> answerSunny(call, asked));
        ResponseCreateParams second = response(knowing)
                .addTool(tool)
                .inputOfResponse(List.of(
                        ResponseInputItem.ofFunctionCall(toolCall),
                        ResponseInputItem.ofFunctionCallOutput(ResponseInputItem.FunctionCallOutput.builder()
                                .callId(toolCall.callId())
                                .output("sunny")
                                .build())))
                .build();
        try (StreamResponse<ResponseStreamEvent> events = client.responses().createStreaming(second)) {
            events.stream().forEach(event -> {});
        }

        assertThat(toolCall.arguments()).isEqualTo("{\"city\":\"Rome\"}");
        assertThat(asked.join().request().at("/messages/0/tool_calls/0/id").asText())
                .isEqualTo("call_1");
        assertThat(asked.join().request().at("/messages/1/content").asText()).isEqualTo("sunny");
    }

    @Test
    void anUnknownModelIsNotFound() {
        assertThatThrownBy(() ->
                        client.chat().completions().create(chat("no-such-model").build()))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() ->
                        client.responses().create(response("no-such-model").build()))
                .isInstanceOf(NotFoundException.class);
    }

    private static void answerSunny(UpstreamCall call, CompletableFuture<UpstreamCall> asked) {
        asked.complete(call);
        call.answer("Sunny.");
    }

    private static ChatCompletionCreateParams.Builder chat(String model) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage("Hi");
    }

    private static ResponseCreateParams.Builder response(String model) {
        return ResponseCreateParams.builder().model(model).input("Hi");
    }

    private static String content(ChatCompletionChunk chunk) {
        return chunk.choices().getFirst().delta().content().orElse("");
    }

    private static String text(Response response) {
        return response.output()
                .getLast()
                .asMessage()
                .content()
                .getFirst()
                .asOutputText()
                .text();
    }
}
