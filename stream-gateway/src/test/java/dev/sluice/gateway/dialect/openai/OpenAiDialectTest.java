package dev.sluice.gateway.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.dialect.Dialect;
import dev.sluice.gateway.dialect.ExampleStream;
import dev.sluice.gateway.dialect.Frames;
import dev.sluice.gateway.generation.StreamEvent;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OpenAiDialectTest {

    @Test
    void writesAnAnswerAsTheContractSays() throws IOException {
        assertThat(encode(OpenAiDialect.PLAIN, ExampleStream.COMPLETED))
                .isEqualTo(ExampleStream.contract("openai.sse"));
    }

    @Test
    void writesUsageAsTheContractSays() throws IOException {
        assertThat(encode(OpenAiDialect.WITH_USAGE, ExampleStream.COMPLETED))
                .isEqualTo(ExampleStream.contract("openai-usage.sse"));
    }

    @Test
    void writesABrokenAnswerAsTheContractSays() throws IOException {
        assertThat(encode(OpenAiDialect.PLAIN, ExampleStream.BROKEN))
                .isEqualTo(ExampleStream.contract("openai-error.sse"));
    }

    @Test
    void endsWithAnErrorWhereSomethingIsMissingAndSaysNoMore() throws IOException {
        assertThat(encode(OpenAiDialect.PLAIN, ExampleStream.RESET))
                .isEqualTo(ExampleStream.contract("openai-gone.sse"));
    }

    @Test
    void showsNothingOfWhatGoesOnBefore() {
        assertThat(encode(OpenAiDialect.PLAIN, ExampleStream.COMPLETED.subList(0, 6)))
                .isEmpty();
    }

    /** Clients take any chunk with an {@code error} key for a failure, whatever its value. */
    @ParameterizedTest
    @EnumSource
    void hasNoErrorKeyInANormalChunk(OpenAiDialect dialect) {
        for (JsonNode chunk : chunks(encode(dialect, ExampleStream.COMPLETED))) {
            assertThat(chunk.findValue("error")).isNull();
            assertThat(chunk.path("object").textValue()).isEqualTo("chat.completion.chunk");
            assertThat(chunk.path("id").textValue()).isEqualTo("chatcmpl-str_example");
            assertThat(chunk.path("created").isIntegralNumber()).isTrue();
        }
    }

    @Test
    void beginsWithTheRoleAndFinishesOnce() {
        List<JsonNode> chunks = chunks(encode(OpenAiDialect.PLAIN, ExampleStream.COMPLETED));

        assertThat(chunks.getFirst().at("/choices/0/delta/role").textValue()).isEqualTo("assistant");
        assertThat(chunks)
                .filteredOn(chunk -> !chunk.at("/choices/0/finish_reason").isNull())
                .containsExactly(chunks.getLast());
    }

    @Test
    void endsWithDoneWhateverHappened() {
        for (List<StreamEvent> events : List.of(ExampleStream.COMPLETED, ExampleStream.BROKEN, ExampleStream.SPENT)) {
            assertThat(encode(OpenAiDialect.PLAIN, events)).endsWith("\n\ndata: [DONE]\n\n");
        }
    }

    @Test
    void marksAnErrorByItsEventAndGivesAllFourKeys() {
        Map<String, String> error =
                Frames.of(encode(OpenAiDialect.PLAIN, ExampleStream.SPENT)).getFirst();

        assertThat(error).containsEntry("event", "error");
        assertThat(Frames.json(error).path("error").properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("message", "type", "param", "code", "upstream_code", "cause");
    }

    @Test
    void holdsTheHeadSoThatAFailureHasItsStatus() {
        assertThat(OpenAiDialect.PLAIN.holdsHead()).isTrue();
    }

    private static List<JsonNode> chunks(String stream) {
        List<Map<String, String>> frames = Frames.of(stream);
        assertThat(frames.getLast()).containsOnly(Map.entry("data", "[DONE]"));
        return frames.subList(0, frames.size() - 1).stream().map(Frames::json).toList();
    }

    private static String encode(Dialect dialect, List<StreamEvent> events) {
        return ExampleStream.encode(dialect, events);
    }
}
