package dev.sluice.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.gateway.generation.Answer;
import dev.sluice.gateway.generation.Milestone.Figures;
import dev.sluice.gateway.generation.Target;
import dev.sluice.provider.Endpoint;
import dev.sluice.stream.Chunk;
import dev.sluice.stream.FinishReason;
import dev.sluice.stream.TokenUsage;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnswerBuilderTest {

    private static final Target TARGET = new Target(
            "openai",
            new Endpoint("p", URI.create("http://localhost"), null, Map.of(), Duration.ofSeconds(1)),
            "m",
            "p/m",
            null);

    private final AnswerBuilder builder =
            new AnswerBuilder(JsonNodeFactory.instance.arrayNode().add("twelve chars"), 10, 0);

    @Test
    void gathersABeginningWithoutHolesWhenTheBoundIsReached() {
        builder.text("12345678");
        builder.text("abcdef");
        builder.text("xy");

        assertThat(answer().text()).isEqualTo("12345678");
        assertThat(answer().cut()).isTrue();
    }

    @Test
    void saysThatAnAnswerIsCutWhereItsArgumentsAre() {
        builder.toolCall(new Chunk.ToolCallDelta(0, "c", "f", "{\"a\":\""));
        builder.toolCall(new Chunk.ToolCallDelta(0, null, null, "0123456789\"}"));

        assertThat(answer().cut()).isTrue();
    }

    @Test
    void countsTheBytesOfUtf8() {
        builder.received("aé€😀", 1);

        assertThat(builder.figures(TARGET, 1, 2).textBytes()).isEqualTo(1 + 2 + 3 + 4);
    }

    @Test
    void estimatesTheUsageThatNobodyReports() {
        builder.received("one two ", 1);
        builder.received("three", 2);

        assertThat(answer().usageEstimated()).isTrue();
        assertThat(answer().usage().inputTokens()).isEqualTo(2);
        assertThat(answer().usage().outputTokens()).isEqualTo(3);
    }

    /** Some providers count as they go, or tell of the prompt at the start. */
    @Test
    void doesNotBelieveWhatWasReportedBeforeTheEnd() {
        builder.usage(new TokenUsage(7, 1, 5L, null));
        builder.received("word ".repeat(100), 1);

        Figures cutShort = builder.figures(TARGET, 1, 2);
        assertThat(cutShort.usageEstimated()).isTrue();
        assertThat(builder.outputTokens()).isBetween(90L, 110L);
        assertThat(cutShort.usage()).isEqualTo(new TokenUsage(7, builder.outputTokens(), 5L, null));

        builder.usage(new TokenUsage(7, 90, 5L, null));
        builder.finished(FinishReason.STOP);
        Figures whole = builder.figures(TARGET, 1, 2);
        assertThat(whole.usageEstimated()).isFalse();
        assertThat(whole.usage()).isEqualTo(new TokenUsage(7, 90, 5L, null));
    }

    @Test
    void sumsUpWhatEveryCallCost() {
        builder.received("one two ", 1);
        builder.continued("one two ");
        assertThat(builder.figures(TARGET, 1, 2).usage())
                .as("the next call has cost nothing yet")
                .isEqualTo(TokenUsage.of(2, 2));
        builder.received("three", 2);
        builder.usage(new TokenUsage(20, 9, 5L, null));
        builder.finished(FinishReason.STOP);

        assertThat(answer().usage()).isEqualTo(new TokenUsage(22, 11, 5L, null));
        assertThat(answer().usageEstimated()).isTrue();
        assertThat(builder.figures(TARGET, 2, 3).usage()).isEqualTo(answer().usage());
        assertThat(builder.figures(TARGET, 2, 3).usageEstimated()).isTrue();
    }

    @Test
    void estimatesThatEachCallIsSentWhatTheOnesBeforeItSaid() {
        builder.received("one two ", 1);
        builder.continued("one two ");
        builder.received("three ", 2);
        builder.continued("one two three ");
        builder.received("four", 3);

        assertThat(answer().usage()).isEqualTo(TokenUsage.of(2 + (2 + 2) + (2 + 3), 4));
    }

    private Answer answer() {
        return builder.build(TARGET, 1, FinishReason.STOP, 5);
    }
}
