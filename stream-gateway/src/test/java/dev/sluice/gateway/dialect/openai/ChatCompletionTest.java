package dev.sluice.gateway.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.gateway.dialect.ExampleStream;
import dev.sluice.gateway.generation.Answer;
import dev.sluice.gateway.generation.ToolCall;
import dev.sluice.stream.FinishReason;
import dev.sluice.stream.TokenUsage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChatCompletionTest {

    private static final ToolCall CALL = new ToolCall("call_1", "weather", "{}");

    @Test
    void writesAWholeAnswerAsTheContractSays() throws IOException {
        assertThat(new String(ChatCompletion.of(ExampleStream.INFO, ExampleStream.ANSWER), StandardCharsets.UTF_8)
                        + "\n")
                .isEqualTo(ExampleStream.contract("completion.json"));
    }

    @Test
    void hasNoContentWhereThereAreOnlyToolCalls() throws IOException {
        JsonNode message = message(answer("", List.of(CALL)));

        assertThat(message.path("content").isNull()).isTrue();
        assertThat(message.at("/tool_calls/0/function/name").textValue()).isEqualTo("weather");
    }

    @Test
    void hasEmptyContentWhereTheModelSaidNothing() throws IOException {
        JsonNode message = message(answer("", List.of()));

        assertThat(message.path("content").textValue()).isEmpty();
        assertThat(message.has("tool_calls")).isFalse();
        assertThat(message.has("reasoning_content")).isFalse();
    }

    @Test
    void leavesOutDetailsThatTheProviderDoesNotTell() throws IOException {
        JsonNode usage = json(answer("Hello", List.of())).path("usage");

        assertThat(usage.toString()).isEqualTo("{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}");
    }

    private static Answer answer(String text, List<ToolCall> calls) {
        return new Answer(
                text,
                false,
                "",
                calls,
                FinishReason.STOP,
                TokenUsage.of(1, 2),
                false,
                "m",
                "p",
                1,
                Duration.ofMillis(1),
                Duration.ofMillis(2));
    }

    private static JsonNode message(Answer answer) throws IOException {
        return json(answer).at("/choices/0/message");
    }

    private static JsonNode json(Answer answer) throws IOException {
        return new JsonMapper().readTree(ChatCompletion.of(ExampleStream.INFO, answer));
    }
}
