package dev.sluice.gateway.dialect.anthropic;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnthropicMessageTest {

    @Test
    void writesAWholeAnswerAsTheContractSays() throws IOException {
        String body = new String(AnthropicMessage.of(ExampleStream.INFO, ExampleStream.ANSWER), StandardCharsets.UTF_8);

        assertThat(body + "\n").isEqualTo(ExampleStream.contract("anthropic-message.json"));
    }

    @Test
    void anAnswerWithoutContentHasNoBlocks() throws IOException {
        assertThat(json(answer("", false, List.of())).path("content")).isEmpty();
    }

    @Test
    void anAnswerThatWasCutSaysSo() throws IOException {
        assertThat(json(answer("Hel", true, List.of())).path("stop_reason").textValue())
                .isEqualTo("max_tokens");
    }

    @Test
    void argumentsBecomeAnObject() throws IOException {
        assertThat(input("{\"a\":[1,null]}").toString()).isEqualTo("{\"a\":[1,null]}");
        assertThat(input(" ").toString()).isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":", "[1]", "\"text\"", "null", "{} {}", "}{"})
    void argumentsThatAreNoObjectStayReadable(String arguments) throws IOException {
        assertThat(input(arguments).path("INVALID_JSON").textValue()).isEqualTo(arguments);
    }

    private static JsonNode input(String arguments) throws IOException {
        return json(answer("", false, List.of(new ToolCall("call_1", "f", arguments))))
                .at("/content/0/input");
    }

    private static Answer answer(String text, boolean cut, List<ToolCall> calls) {
        return new Answer(
                text,
                cut,
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

    private static JsonNode json(Answer answer) throws IOException {
        return new JsonMapper().readTree(AnthropicMessage.of(ExampleStream.INFO, answer));
    }
}
