package dev.sluice.gateway.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.dialect.ExampleStream;
import dev.sluice.gateway.dialect.Frames;
import dev.sluice.gateway.dialect.StreamEncoder;
import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.generation.Answer;
import dev.sluice.gateway.generation.StreamEvent;
import dev.sluice.gateway.generation.StreamEvent.Progress;
import dev.sluice.stream.FinishReason;
import dev.sluice.stream.TokenUsage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnthropicDialectTest {

    private static final StreamEvent STREAMING =
            new StreamEvent.Status(Progress.STREAMING, "Streaming", 1, "demo", null);
    private static final StreamEvent COMPLETED = completed(FinishReason.STOP, TokenUsage.of(1, 2));

    @Test
    void writesAnAnswerAsTheContractSays() throws IOException {
        assertThat(encode(ExampleStream.COMPLETED)).isEqualTo(ExampleStream.contract("anthropic.sse"));
    }

    @Test
    void writesABrokenAnswerAsTheContractSays() throws IOException {
        assertThat(encode(ExampleStream.BROKEN)).isEqualTo(ExampleStream.contract("anthropic-error.sse"));
    }

    @Test
    void endsWithAnErrorWhereSomethingIsMissingAndSaysNoMore() throws IOException {
        assertThat(encode(ExampleStream.RESET)).isEqualTo(ExampleStream.contract("anthropic-gone.sse"));
    }

    @Test
    void aFailureBeforeTheFirstDeltaIsTheErrorAlone() {
        List<Map<String, String>> frames = Frames.of(encode(ExampleStream.SPENT));

        assertThat(frames).hasSize(1);
        assertThat(Frames.json(frames.getFirst()).at("/error/type").textValue()).isEqualTo("rate_limit_error");
    }

    @Test
    void showsNothingOfWhatGoesOnBefore() {
        assertThat(encode(ExampleStream.COMPLETED.subList(0, 6))).isEmpty();
    }

    @Test
    void namesEveryEventTwice() {
        for (List<StreamEvent> events : List.of(ExampleStream.COMPLETED, ExampleStream.BROKEN, ExampleStream.SPENT)) {
            for (Map<String, String> frame : Frames.of(encode(events))) {
                assertThat(Frames.json(frame).path("type").textValue()).isEqualTo(frame.get("event"));
            }
        }
    }

    @Test
    void anAnswerWithoutContentHasNoBlocks() {
        assertThat(types(List.of(STREAMING, COMPLETED)))
                .containsExactly("message_start", "message_delta", "message_stop");
    }

    @Test
    void aToolCallMayComeBeforeText() {
        assertThat(blocks(List.of(
                        STREAMING,
                        new StreamEvent.ToolCallPart(0, "call_1", "f", "{}"),
                        new StreamEvent.Text("Done", 0),
                        COMPLETED)))
                .containsExactly("tool_use:{}", "text:Done");
    }

    @Test
    void thinkingBetweenTextsHasABlockOfItsOwn() {
        assertThat(blocks(List.of(
                        STREAMING,
                        new StreamEvent.Text("a", 0),
                        new StreamEvent.Reasoning("hm", 0),
                        new StreamEvent.Text("b", 1),
                        new StreamEvent.Text("c", 2),
                        COMPLETED)))
                .containsExactly("text:a", "thinking:hm", "text:bc");
    }

    @Test
    void aToolCallWithoutArgumentsHasNoDelta() {
        List<StreamEvent> events = List.of(STREAMING, new StreamEvent.ToolCallPart(0, "call_1", "f", ""), COMPLETED);

        assertThat(types(events))
                .containsExactly(
                        "message_start", "content_block_start", "content_block_stop", "message_delta", "message_stop");
        assertThat(Frames.json(Frames.of(encode(events)).get(1)).at("/content_block/input"))
                .isEmpty();
    }

    /** Clients run a call when its block stops; half of its arguments must not look like all of them. */
    @Test
    void aToolCallThatGoesOnAfterItsBlockEndsInAnError() {
        List<StreamEvent> events = List.of(
                STREAMING,
                new StreamEvent.ToolCallPart(0, "call_1", "f", "{\"a\":"),
                new StreamEvent.ToolCallPart(1, "call_2", "g", "{}"),
                new StreamEvent.ToolCallPart(0, null, null, "1}"),
                new StreamEvent.Text("more", 0),
                COMPLETED);

        List<Map<String, String>> frames = Frames.of(encode(events));

        assertThat(frames.getLast().get("event")).isEqualTo("error");
        assertThat(frames).noneSatisfy(frame -> assertThat(frame.get("event")).isEqualTo("message_stop"));
    }

    @Test
    void theResponseEndsWithWhatBreaksItOff() {
        StreamEncoder encoder = AnthropicDialect.MESSAGES.encoder(ExampleStream.INFO);
        StreamEvent reset = new StreamEvent.Reset(3);

        assertThat(encoder.endsWith(STREAMING)).isFalse();
        assertThat(encoder.endsWith(reset)).isTrue();
        encoder.encode(0, reset, new Utf8Buffer(16));

        assertThat(encoder.endsWith(reset)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"STOP, end_turn", "LENGTH, max_tokens", "TOOL_CALLS, tool_use", "CONTENT_FILTER, refusal"})
    void saysWhyTheModelStopped(FinishReason reason, String stopReason) {
        JsonNode delta = delta(completed(reason, TokenUsage.of(1, 2)));

        assertThat(delta.at("/delta/stop_reason").textValue()).isEqualTo(stopReason);
        assertThat(delta.at("/delta/stop_sequence").isNull()).isTrue();
    }

    @Test
    void cachedTokensAreNoInputTokens() {
        JsonNode usage = delta(completed(FinishReason.STOP, new TokenUsage(10, 5, 4L, 2L)))
                .path("usage");

        assertThat(usage.toString())
                .isEqualTo("{\"input_tokens\":6,\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":4,"
                        + "\"output_tokens\":5,\"output_tokens_details\":{\"thinking_tokens\":2}}");
    }

    /** However text, thinking and calls alternate, blocks are numbered without gaps, never nested, and lose nothing. */
    @Test
    void everyOrderOfDeltasIsASequenceOfBlocks() {
        long seed = System.nanoTime();
        System.out.println("seed of the orders: " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            List<StreamEvent> events = new ArrayList<>(List.of(STREAMING));
            List<String> expected = new ArrayList<>();
            int calls = 0;
            int length = random.nextInt(12);
            for (int i = 0; i < length; i++) {
                String piece = String.valueOf((char) ('a' + random.nextInt(26)));
                int kind = random.nextInt(3);
                String name = List.of("text", "thinking", "tool_use").get(kind);
                boolean goesOn = !expected.isEmpty() && expected.getLast().startsWith(name + ":");
                switch (kind) {
                    case 0 -> events.add(new StreamEvent.Text(piece, i));
                    case 1 -> events.add(new StreamEvent.Reasoning(piece, i));
                    default -> {
                        goesOn = goesOn && random.nextBoolean();
                        events.add(
                                goesOn
                                        ? new StreamEvent.ToolCallPart(calls - 1, null, null, piece)
                                        : new StreamEvent.ToolCallPart(calls, "call_" + calls++, "f", piece));
                    }
                }
                if (goesOn) {
                    expected.add(expected.removeLast() + piece);
                } else {
                    expected.add(name + ":" + piece);
                }
            }
            events.add(COMPLETED);

            assertThat(blocks(events)).as("seed %d, round %d", seed, round).isEqualTo(expected);
        }
    }

    private static StreamEvent completed(FinishReason reason, TokenUsage usage) {
        return new StreamEvent.Completed(
                new Answer("", false, "", List.of(), reason, usage, false, "m", "p", 1, Duration.ZERO, Duration.ZERO));
    }

    private static JsonNode delta(StreamEvent completed) {
        return Frames.json(Frames.of(encode(List.of(STREAMING, completed))).get(1));
    }

    private static List<String> types(List<StreamEvent> events) {
        return Frames.of(encode(events)).stream()
                .map(frame -> frame.get("event"))
                .toList();
    }

    /** Joins blocks as a client does that believes nothing: each starts after the last one has stopped. */
    private static List<String> blocks(List<StreamEvent> events) {
        List<String> blocks = new ArrayList<>();
        boolean open = false;
        for (Map<String, String> frame : Frames.of(encode(events))) {
            JsonNode data = Frames.json(frame);
            switch (data.path("type").asText()) {
                case "content_block_start" -> {
                    assertThat(open).isFalse();
                    assertThat(data.path("index").intValue()).isEqualTo(blocks.size());
                    blocks.add(data.at("/content_block/type").textValue() + ":");
                    open = true;
                }
                case "content_block_delta" -> {
                    assertThat(open).isTrue();
                    assertThat(data.path("index").intValue()).isEqualTo(blocks.size() - 1);
                    JsonNode delta = data.path("delta");
                    String more = delta.path("text").asText()
                            + delta.path("thinking").asText()
                            + delta.path("partial_json").asText();
                    blocks.add(blocks.removeLast() + more);
                }
                case "content_block_stop" -> {
                    assertThat(open).isTrue();
                    assertThat(data.path("index").intValue()).isEqualTo(blocks.size() - 1);
                    open = false;
                }
                default -> assertThat(open).isFalse();
            }
        }
        return blocks;
    }

    private static String encode(List<StreamEvent> events) {
        return ExampleStream.encode(AnthropicDialect.MESSAGES, events);
    }
}
