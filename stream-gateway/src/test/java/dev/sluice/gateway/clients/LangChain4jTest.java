package dev.sluice.gateway.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import dev.sluice.gateway.api.Doubles;
import dev.sluice.gateway.api.PatientProfile;
import dev.sluice.gateway.api.UpstreamCall;
import dev.sluice.gateway.api.UpstreamDouble;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** LangChain4j's OpenAI model, which streams over the JDK's HTTP client and asks for HTTP/2 by an upgrade. */
@QuarkusTest
@TestProfile(PatientProfile.class)
class LangChain4jTest {

    private final UpstreamDouble upstream = Doubles.upstream();

    @Test
    void streamsAnAnswerWithItsUsage() throws Exception {
        String model = upstream.model(call -> call.answer("Hel", "lo"));
        Listener listener = new Listener();

        model(model).chat("Hi", listener);

        ChatResponse response = listener.response();
        assertThat(listener.text.toString()).isEqualTo("Hello");
        assertThat(response.aiMessage().text()).isEqualTo("Hello");
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(response.tokenUsage().totalTokenCount()).isEqualTo(10);
    }

    @Test
    void cancellingClosesTheProvidersConnection() throws Exception {
        String model = upstream.model();
        CompletableFuture<PartialResponseContext> first = new CompletableFuture<>();
        model(model).chat("Hi", new Listener() {
            @Override
            public void onPartialResponse(PartialResponse part, PartialResponseContext context) {
                if (!part.text().isEmpty()) {
                    context.streamingHandle().cancel();
                    first.complete(context);
                }
            }
        });
        UpstreamCall call = upstream.next(model).begin().text("Hel");
        first.get(10, TimeUnit.SECONDS);

        // The client looks at its handle when something comes.
        try {
            call.text("lo");
        } catch (UncheckedIOException _) {
            // It looked sooner.
        }

        call.awaitClosed();
    }

    @Test
    void aFailureAmidTheAnswerIsAnErrorAfterTheTextSoFar() throws Exception {
        String model = upstream.model(call -> call.begin().text("Hel").reset());
        Listener listener = new Listener();

        model(model).chat("Hi", listener);

        assertThat(listener.failure()).hasMessageContaining("NETWORK");
        assertThat(listener.text.toString()).isEqualTo("Hel");
    }

    @Test
    void anUnknownModelIsAnError() throws Exception {
        Listener listener = new Listener();

        model("no-such-model").chat("Hi", listener);

        assertThat(listener.failure()).hasMessageContaining("MODEL_NOT_FOUND");
    }

    @Test
    void callsAToolAndGetsItsResult() throws Exception {
        String asking = upstream.model(Answers::toolCall);
        Listener listener = new Listener();
        ChatRequest request = ChatRequest.builder()
                .messages(UserMessage.from("Weather?"))
                .toolSpecifications(ToolSpecification.builder()
                        .name("weather")
                        .parameters(JsonObjectSchema.builder()
                                .addStringProperty("city")
                                .build())
                        .build())
                .build();
        model(asking).chat(request, listener);
        var message = listener.response().aiMessage();
        ToolExecutionRequest call = message.toolExecutionRequests().getFirst();

        String knowing = upstream.model();
        Listener second = new Listener();
        model(knowing)
                .chat(
                        ChatRequest.builder()
                                .messages(
                                        UserMessage.from("Weather?"),
                                        message,
                                        ToolExecutionResultMessage.from(call, "sunny"))
                                .build(),
                        second);
        UpstreamCall asked = upstream.next(knowing);
        asked.answer("Sunny.");

        assertThat(second.response().aiMessage().text()).isEqualTo("Sunny.");
        assertThat(call.arguments()).isEqualTo("{\"city\":\"Rome\"}");
        assertThat(asked.request().at("/messages/2/tool_call_id").asText()).isEqualTo("call_1");
    }

    private static StreamingChatModel model(String name) {
        return OpenAiStreamingChatModel.builder()
                .baseUrl(Answers.baseUrl())
                .apiKey("sk-caller")
                .modelName(name)
                .build();
    }

    /** Keeps what came, and hands out the end. */
    private static class Listener implements StreamingChatResponseHandler {

        final StringBuilder text = new StringBuilder();
        private final CompletableFuture<ChatResponse> end = new CompletableFuture<>();

        @Override
        public void onPartialResponse(String part) {
            text.append(part);
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            end.complete(response);
        }

        @Override
        public void onError(Throwable failure) {
            end.completeExceptionally(failure);
        }

        ChatResponse response() throws ExecutionException, InterruptedException, TimeoutException {
            return end.get(10, TimeUnit.SECONDS);
        }

        Throwable failure() throws InterruptedException, TimeoutException {
            try {
                throw new AssertionError("it ended well: " + end.get(10, TimeUnit.SECONDS));
            } catch (ExecutionException e) {
                return e.getCause() == null ? e : e.getCause();
            }
        }
    }
}
