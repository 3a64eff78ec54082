package dev.sluice.gateway.dialect.uimessage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.dialect.ExampleStream;
import dev.sluice.gateway.dialect.Frames;
import dev.sluice.gateway.generation.Answer;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.StreamEvent;
import dev.sluice.gateway.generation.StreamEvent.Progress;
import dev.sluice.gateway.generation.ToolCall;
import dev.sluice.stream.FinishReason;
import dev.sluice.stream.TokenUsage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UiMessageDialectTest {

    /** What versions 5, 6 and 7 of the AI SDK all know; anything else fails the whole turn. */
    private static final Set<String> COMMON = Set.of(
            "start",
            "start-step",
            "data-gateway",
            "text-start",
            "text-delta",
            "text-end",
            "reasoning-start",
            "reasoning-delta",
            "reasoning-end",
            "tool-input-start",
            "tool-input-delta",
            "tool-input-available",
            "tool-input-error",
            "finish-step",
            "finish",
            "error",
            "abort");

    private static final StreamEvent STREAMING =
            new StreamEvent.Status(Progress.STREAMING, "Streaming", 1, "demo", null);

    private final UiMessageDialect dialect = new UiMessageDialect(null);

    @Test
    void writesAnAnswerAsTheContractSays() throws IOException {
        assertThat(encode(ExampleStream.COMPLETED)).isEqualTo(ExampleStream.contract("ui-message.sse"));
    }

    @Test
    void writesABrokenAnswerAsTheContractSays() throws IOException {
        assertThat(encode(ExampleStream.BROKEN)).isEqualTo(ExampleStream.contract("ui-message-error.sse"));
    }

    @Test
    void endsWithAnErrorWhereTheBeginningIsMissingAndSaysNoMore() throws IOException {
        assertThat(encode(ExampleStream.RESET)).isEqualTo(ExampleStream.contract("ui-message-gone.sse"));
        assertThat(dialect.encoder(ExampleStream.INFO).endsWith(new StreamEvent.Reset(1)))
                .isTrue();
    }

    @Test
    void holdsTheHeadSoThatAFailureHasItsStatus() {
        assertThat(dialect.holdsHead()).isTrue();
    }

    @Test
    void beginsTheMessageOnceAndBeforeAnythingElse() {
        assertThat(types(ExampleStream.COMPLETED).subList(0, 3)).containsExactly("start", "start-step", "data-gateway");
        assertThat(types(ExampleStream.COMPLETED)).containsOnlyOnce("start", "start-step");
    }

    @Test
    void tellsTheTroubleBeforeTheAnswerAsTransientData() {
        List<JsonNode> told = chunks(encode(ExampleStream.COMPLETED)).stream()
                .filter(chunk -> type(chunk).equals("data-gateway"))
                .toList();

        assertThat(told)
                .extracting(chunk -> chunk.at("/data/phase").textValue())
                .containsExactly("retrying", "falling_back", "streaming");
        assertThat(told)
                .allSatisfy(chunk ->
                        assertThat(chunk.path("transient").booleanValue()).isTrue());
        assertThat(told.getFirst().at("/data/retry_in_ms").intValue()).isEqualTo(1_200);
    }

    @Test
    void namesTheMessageLikeTheStreamOrLikeTheOneThatItContinues() {
        assertThat(chunks(encode(ExampleStream.COMPLETED))
                        .getFirst()
                        .path("messageId")
                        .textValue())
                .isEqualTo("str_example");
        assertThat(chunks(ExampleStream.encode(new UiMessageDialect("msg \"7\""), ExampleStream.COMPLETED))
                        .getFirst()
                        .path("messageId")
                        .textValue())
                .isEqualTo("msg \"7\"");
    }

    @Test
    void emptyAnswerIsAMessageWithoutParts() {
        assertThat(types(List.of(STREAMING, completed(FinishReason.STOP))))
                .containsExactly("start", "start-step", "data-gateway", "finish-step", "finish");
    }

    @Test
    void partsThatAlternateHaveIdsOfTheirOwn() {
        List<StreamEvent> events = List.of(
                STREAMING,
                new StreamEvent.Text("a", 0),
                new StreamEvent.Reasoning("b", 0),
                new StreamEvent.Reasoning("c", 1),
                new StreamEvent.Text("d", 1),
                completed(FinishReason.STOP));

        assertThat(types(events).subList(3, 13))
                .containsExactly(
                        "text-start",
                        "text-delta",
                        "text-end",
                        "reasoning-start",
                        "reasoning-delta",
                        "reasoning-delta",
                        "reasoning-end",
                        "text-start",
                        "text-delta",
                        "text-end");
        wellFormed(encode(events));
    }

    @Test
    void toolBeforeTextIsTwoPartsAndItsInputIsWholeBeforeTheStepEnds() {
        List<StreamEvent> events = List.of(
                STREAMING,
                new StreamEvent.ToolCallPart(0, "c1", "weather", "{\"city\":\n"),
                new StreamEvent.Text("Wait", 0),
                new StreamEvent.ToolCallPart(0, null, null, " \"Rome\"}"),
                completed(FinishReason.TOOL_CALLS, new ToolCall("c1", "weather", "{\"city\":\n \"Rome\"}")));

        String stream = encode(events);

        assertThat(types(events).subList(3, 11))
                .containsExactly(
                        "tool-input-start",
                        "tool-input-delta",
                        "text-start",
                        "text-delta",
                        "text-end",
                        "tool-input-delta",
                        "tool-input-available",
                        "finish-step");
        assertThat(stream).contains("\"input\":{\"city\":\"Rome\"}");
        wellFormed(stream);
    }

    @Test
    void argumentsThatAreNoJsonAreAnErrorOfTheToolAlone() {
        String stream = encode(List.of(
                STREAMING,
                new StreamEvent.ToolCallPart(0, "c1", "weather", "{\"city\":"),
                new StreamEvent.ToolCallPart(1, "c2", "time", ""),
                completed(
                        FinishReason.TOOL_CALLS,
                        new ToolCall("c1", "weather", "{\"city\":"),
                        new ToolCall("c2", "time", ""))));

        assertThat(stream)
                .contains("{\"type\":\"tool-input-error\",\"toolCallId\":\"c1\",\"toolName\":\"weather\","
                        + "\"input\":\"{\\\"city\\\":\",\"errorText\":\"The arguments are not valid JSON.\"}")
                .contains(
                        "{\"type\":\"tool-input-available\",\"toolCallId\":\"c2\",\"toolName\":\"time\",\"input\":{}}");
        wellFormed(stream);
    }

    @Test
    void failureBeforeTheFirstDeltaIsAnErrorAndNothingElse() {
        assertThat(types(ExampleStream.SPENT)).containsExactly("error");
    }

    @Test
    void failureAmidAPartClosesItFirst() {
        assertThat(types(ExampleStream.BROKEN)).endsWith("text-delta", "text-end", "error");
    }

    @Test
    void abortIsNoError() {
        List<StreamEvent> events = List.of(
                STREAMING,
                new StreamEvent.Text("a", 0),
                new StreamEvent.Failed(GatewayError.of(ErrorCode.CANCELLED, "The stream was aborted."), true));

        assertThat(types(events)).endsWith("text-delta", "text-end", "abort");
    }

    @ParameterizedTest
    @CsvSource({"STOP,stop", "LENGTH,length", "TOOL_CALLS,tool-calls", "CONTENT_FILTER,content-filter"})
    void finishReasonsAreThoseThatEveryVersionKnows(FinishReason reason, String name) {
        assertThat(chunks(encode(List.of(STREAMING, completed(reason))))
                        .getLast()
                        .path("finishReason")
                        .textValue())
                .isEqualTo(name);
    }

    @Test
    void anyMixtureOfDeltasIsWellFormed() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            wellFormed(encode(mixture(random)));
        }
    }

    private static List<StreamEvent> mixture(Random random) {
        List<StreamEvent> events = new ArrayList<>(List.of(STREAMING));
        List<ToolCall> calls = new ArrayList<>();
        for (int i = random.nextInt(20); i > 0; i--) {
            switch (random.nextInt(4)) {
                case 0 -> events.add(new StreamEvent.Text("t\r\n\u2028", 0));
                case 1 -> events.add(new StreamEvent.Reasoning("r", 0));
                case 2 -> {
                    calls.add(new ToolCall("c" + calls.size(), "f", "[1]"));
                    events.add(new StreamEvent.ToolCallPart(calls.size() - 1, "c" + (calls.size() - 1), "f", ""));
                }
                default -> {
                    if (!calls.isEmpty()) {
                        events.add(new StreamEvent.ToolCallPart(random.nextInt(calls.size()), null, null, "[1]"));
                    }
                }
            }
        }
        events.add(
                random.nextBoolean()
                        ? completed(FinishReason.STOP, calls.toArray(ToolCall[]::new))
                        : ExampleStream.BROKEN.getLast());
        return events;
    }

    /** As strict as the strictest client: known types, deltas of open parts only, nothing left open at the end of a step. */
    private static void wellFormed(String stream) {
        Set<String> open = new HashSet<>();
        Set<String> used = new HashSet<>();
        List<JsonNode> chunks = chunks(stream);
        for (JsonNode chunk : chunks) {
            String type = type(chunk);
            assertThat(type).isIn(COMMON);
            String id = chunk.path("id").asText() + chunk.path("toolCallId").asText();
            switch (type) {
                case "text-start", "reasoning-start", "tool-input-start" -> {
                    assertThat(used.add(id)).as(stream).isTrue();
                    assertThat(open.stream().filter(other -> !other.startsWith("c")))
                            .as(stream)
                            .isEmpty();
                    open.add(id);
                }
                case "text-delta", "reasoning-delta", "tool-input-delta" ->
                    assertThat(open).as(stream).contains(id);
                case "text-end", "reasoning-end", "tool-input-available", "tool-input-error" ->
                    assertThat(open.remove(id)).as(stream).isTrue();
                case "finish-step" -> assertThat(open).as(stream).isEmpty();
                default -> {}
            }
        }
        assertThat(chunks.subList(0, 2)).extracting(UiMessageDialectTest::type).containsExactly("start", "start-step");
        assertThat(type(chunks.getLast())).isIn("finish", "error", "abort");
    }

    private static StreamEvent completed(FinishReason reason, ToolCall... calls) {
        return new StreamEvent.Completed(new Answer(
                "",
                false,
                "",
                List.of(calls),
                reason,
                TokenUsage.of(1, 2),
                false,
                "demo",
                "simulator",
                1,
                Duration.ZERO,
                Duration.ZERO));
    }

    private List<String> types(List<StreamEvent> events) {
        return chunks(encode(events)).stream().map(UiMessageDialectTest::type).toList();
    }

    private static String type(JsonNode chunk) {
        return chunk.path("type").asText();
    }

    private static List<JsonNode> chunks(String stream) {
        List<Map<String, String>> frames = Frames.of(stream);
        assertThat(frames.getLast()).containsOnly(Map.entry("data", "[DONE]"));
        return frames.subList(0, frames.size() - 1).stream().map(Frames::json).toList();
    }

    private String encode(List<StreamEvent> events) {
        return ExampleStream.encode(dialect, events);
    }
}
