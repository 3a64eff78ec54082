package dev.sluice.gateway.dialect.responses;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateway.dialect.ExampleStream;
import dev.sluice.gateway.dialect.Frames;
import dev.sluice.gateway.generation.Answer;
import dev.sluice.gateway.generation.StreamEvent;
import dev.sluice.gateway.generation.StreamEvent.Progress;
import dev.sluice.gateway.generation.ToolCall;
import dev.sluice.stream.FinishReason;
import dev.sluice.stream.TokenUsage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResponsesDialectTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final ResponsesDialect PLAIN =
            new ResponsesDialect(RequestEcho.of(JsonNodeFactory.instance.objectNode()));
    private static final StreamEvent BEGIN = new StreamEvent.Status(Progress.STREAMING, "Streaming", 1, "demo", null);

    @Test
    void writesAnAnswerAsTheContractSays() throws IOException {
        assertThat(encode(ExampleStream.COMPLETED)).isEqualTo(ExampleStream.contract("responses.sse"));
    }

    @Test
    void writesABrokenAnswerAsTheContractSays() throws IOException {
        assertThat(encode(ExampleStream.BROKEN)).isEqualTo(ExampleStream.contract("responses-error.sse"));
    }

    @Test
    void writesAWholeAnswerAsTheContractSays() throws IOException {
        assertThat(new String(PLAIN.whole(ExampleStream.INFO, ExampleStream.ANSWER), StandardCharsets.UTF_8) + "\n")
                .isEqualTo(ExampleStream.contract("response.json"));
    }

    @Test
    void showsNothingOfWhatGoesOnBefore() {
        assertThat(encode(ExampleStream.COMPLETED.subList(0, 6))).isEmpty();
    }

    @Test
    void endsWithAnErrorWhereSomethingIsMissingAndSaysNoMore() {
        List<JsonNode> events = events(ExampleStream.RESET);

        assertThat(types(events)).containsExactly("error", "response.failed");
        assertThat(events.getFirst().at("/error/code").textValue()).isEqualTo("GONE");
    }

    @Test
    void aFailureBeforeTheFirstDeltaIsAnErrorAndAFailedResponse() {
        List<JsonNode> events = events(ExampleStream.SPENT);

        assertThat(types(events)).containsExactly("error", "response.failed");
        assertThat(events.getFirst().path("error").properties())
                .extracting(Map.Entry::getKey)
                .contains("message", "type", "param", "code");
        assertThat(events.getLast().at("/response/status").textValue()).isEqualTo("failed");
        assertThat(events.getLast().at("/response/error/code").textValue()).isEqualTo("MAX_RETRIES_EXCEEDED");
    }

    @Test
    void aTextAloneGoesThroughEveryStepThatHelpersNeed() {
        List<JsonNode> events = events(stream(answer("Hello", "", FinishReason.STOP), text("Hel"), text("lo")));

        assertThat(types(events))
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
        assertThat(events.get(2).at("/item/content")).isEmpty();
        assertThat(events.get(6).path("text").textValue()).isEqualTo("Hello");
    }

    @Test
    void sequenceNumbersAreDense() {
        List<JsonNode> events = events(ExampleStream.COMPLETED);

        assertThat(events)
                .extracting(event -> event.path("sequence_number").intValue())
                .containsExactlyElementsOf(
                        IntStream.range(0, events.size()).boxed().toList());
    }

    @Test
    void anEmptyAnswerHasNoItems() {
        List<JsonNode> events = events(stream(answer("", "", FinishReason.STOP)));

        assertThat(types(events)).containsExactly("response.created", "response.in_progress", "response.completed");
        assertThat(events.getLast().at("/response/output").isEmpty()).isTrue();
    }

    @Test
    void aToolCallBeforeTheTextComesFirst() {
        ToolCall call = new ToolCall("call_a", "f", "{}");

        List<JsonNode> events = events(stream(
                answer("So.", "", FinishReason.TOOL_CALLS, call),
                new StreamEvent.ToolCallPart(0, "call_a", "f", ""),
                arguments(0, "{}"),
                text("So.")));

        assertThat(outputTypes(events)).containsExactly("function_call", "message");
        assertThat(done(events)).extracting(JsonNode::toString).isEqualTo(finalItems(events));
        assertThat(done(events).getFirst().path("arguments").textValue()).isEqualTo("{}");
        assertThat(done(events).getFirst().path("call_id").textValue()).isEqualTo("call_a");
    }

    @Test
    void callsThatAreToldInTurnsKeepTheirArgumentsApart() {
        ToolCall first = new ToolCall("call_a", "f", "{\"a\":1}");
        ToolCall second = new ToolCall("call_b", "g", "{\"b\":2}");

        List<JsonNode> events = events(stream(
                answer("", "", FinishReason.TOOL_CALLS, first, second),
                new StreamEvent.ToolCallPart(0, "call_a", "f", "{\"a\""),
                new StreamEvent.ToolCallPart(1, "call_b", "g", "{\"b\""),
                arguments(0, ":1}"),
                arguments(1, ":2}")));

        assertThat(deltas(events, 0)).isEqualTo("{\"a\":1}");
        assertThat(deltas(events, 1)).isEqualTo("{\"b\":2}");
        assertThat(done(events))
                .extracting(item -> item.path("arguments").textValue())
                .containsExactly("{\"a\":1}", "{\"b\":2}");
        assertThat(done(events)).extracting(JsonNode::toString).isEqualTo(finalItems(events));
    }

    @Test
    void aStretchOfThinkingEndsWhenTheTextBegins() {
        List<String> types = types(
                events(stream(answer("Yes", "Hmm", FinishReason.STOP), thought("H"), thought("mm"), text("Yes"))));

        assertThat(types.subList(2, 9))
                .containsExactly(
                        "response.output_item.added",
                        "response.reasoning_summary_part.added",
                        "response.reasoning_summary_text.delta",
                        "response.reasoning_summary_text.delta",
                        "response.reasoning_summary_text.done",
                        "response.reasoning_summary_part.done",
                        "response.output_item.done");
    }

    @Test
    void thinkingBetweenTextsIsAnItemOfItsOwn() {
        List<JsonNode> events = events(stream(
                answer("AB", "onetwo", FinishReason.STOP), thought("one"), text("A"), thought("two"), text("B")));

        assertThat(outputTypes(events)).containsExactly("reasoning", "message", "reasoning");
        assertThat(events.getLast().at("/response/output/0/summary/0/text").textValue())
                .isEqualTo("one");
        assertThat(events.getLast().at("/response/output/1/content/0/text").textValue())
                .isEqualTo("AB");
        assertThat(events.getLast().at("/response/output/2/summary/0/text").textValue())
                .isEqualTo("two");
        assertThat(deltas(events, 0) + deltas(events, 1) + deltas(events, 2)).isEqualTo("oneABtwo");
    }

    @Test
    void thinkingTooLongToRememberEndsWithTheAnswerAndWhole() {
        String half = "x".repeat(40 * 1_024);
        List<JsonNode> events = events(
                stream(answer("Yes", half + half, FinishReason.STOP), thought(half), thought(half), text("Yes")));

        List<String> types = types(events);
        assertThat(types.indexOf("response.reasoning_summary_text.done"))
                .isGreaterThan(types.indexOf("response.output_text.delta"));
        assertThat(done(events).getFirst().at("/summary/0/text").textValue()).isEqualTo(half + half);
        assertThat(done(events)).extracting(JsonNode::toString).isEqualTo(finalItems(events));
    }

    @ParameterizedTest
    @EnumSource(
            value = FinishReason.class,
            names = {"LENGTH", "CONTENT_FILTER"})
    void anAnswerThatEndsEarlyIsIncompleteAndSaysWhy(FinishReason reason) {
        JsonNode last = events(stream(answer("Hel", "", reason), text("Hel"))).getLast();

        assertThat(last.path("type").textValue()).isEqualTo("response.incomplete");
        assertThat(last.at("/response/status").textValue()).isEqualTo("incomplete");
        assertThat(last.at("/response/incomplete_details/reason").textValue())
                .isEqualTo(reason == FinishReason.LENGTH ? "max_output_tokens" : "content_filter");
        assertThat(last.at("/response/output/0/status").textValue()).isEqualTo("incomplete");
    }

    @Test
    void anAnswerLongerThanWhatIsKeptIsIncomplete() throws IOException {
        Answer cut = new Answer(
                "Hel",
                true,
                "",
                List.of(),
                FinishReason.STOP,
                TokenUsage.of(1, 2),
                false,
                "m",
                "p",
                1,
                Duration.ofMillis(1),
                Duration.ofMillis(2));

        JsonNode whole = JSON.readTree(PLAIN.whole(ExampleStream.INFO, cut));

        assertThat(whole.at("/incomplete_details/reason").textValue()).isEqualTo("max_output_tokens");
    }

    @Test
    void aResponseRepeatsItsRequest() throws IOException {
        ObjectNode request = (ObjectNode) JSON.readTree(
                "{\"model\":\"demo\",\"input\":\"private\",\"instructions\":\"Be brief.\",\"temperature\":0.5,"
                        + "\"tools\":[{\"type\":\"function\",\"name\":\"f\"}],\"metadata\":null}");

        String whole = new String(
                new ResponsesDialect(RequestEcho.of(request)).whole(ExampleStream.INFO, ExampleStream.ANSWER),
                StandardCharsets.UTF_8);

        JsonNode response = JSON.readTree(whole);
        assertThat(response.path("instructions").textValue()).isEqualTo("Be brief.");
        assertThat(response.path("temperature").doubleValue()).isEqualTo(0.5);
        assertThat(response.at("/tools/0/name").textValue()).isEqualTo("f");
        assertThat(response.path("metadata").isObject()).isTrue();
        assertThat(response.path("tool_choice").textValue()).isEqualTo("auto");
        assertThat(whole).doesNotContain("private");
    }

    @Test
    void holdsTheHeadSoThatAFailureHasItsStatus() {
        assertThat(PLAIN.holdsHead()).isTrue();
    }

    private static StreamEvent text(String content) {
        return new StreamEvent.Text(content, 0);
    }

    private static StreamEvent thought(String content) {
        return new StreamEvent.Reasoning(content, 0);
    }

    private static StreamEvent arguments(int index, String more) {
        return new StreamEvent.ToolCallPart(index, null, null, more);
    }

    private static List<StreamEvent> stream(Answer answer, StreamEvent... deltas) {
        List<StreamEvent> events = new ArrayList<>();
        events.add(BEGIN);
        events.addAll(List.of(deltas));
        events.add(new StreamEvent.Completed(answer));
        return events;
    }

    private static Answer answer(String text, String reasoning, FinishReason reason, ToolCall... calls) {
        return new Answer(
                text,
                false,
                reasoning,
                List.of(calls),
                reason,
                TokenUsage.of(1, 2),
                false,
                "m",
                "p",
                1,
                Duration.ofMillis(1),
                Duration.ofMillis(2));
    }

    private static String encode(List<StreamEvent> events) {
        return ExampleStream.encode(PLAIN, events);
    }

    /** Every event names its type twice, since some clients look here and some there. */
    private static List<JsonNode> events(List<StreamEvent> events) {
        List<JsonNode> decoded = new ArrayList<>();
        for (Map<String, String> frame : Frames.of(encode(events))) {
            JsonNode event = Frames.json(frame);
            assertThat(frame).containsEntry("event", event.path("type").textValue());
            decoded.add(event);
        }
        return decoded;
    }

    private static List<String> types(List<JsonNode> events) {
        return events.stream().map(event -> event.path("type").textValue()).toList();
    }

    private static List<String> outputTypes(List<JsonNode> events) {
        List<String> types = new ArrayList<>();
        for (JsonNode event : events) {
            if (event.path("type").textValue().equals("response.output_item.added")) {
                assertThat(event.path("output_index").intValue()).isEqualTo(types.size());
                types.add(event.at("/item/type").textValue());
            }
        }
        return types;
    }

    private static String deltas(List<JsonNode> events, int outputIndex) {
        StringBuilder joined = new StringBuilder();
        for (JsonNode event : events) {
            if (event.path("type").textValue().endsWith(".delta")
                    && event.path("output_index").intValue() == outputIndex) {
                joined.append(event.path("delta").textValue());
            }
        }
        return joined.toString();
    }

    private static List<JsonNode> done(List<JsonNode> events) {
        List<JsonNode> items = new ArrayList<>();
        for (JsonNode event : events) {
            if (event.path("type").textValue().equals("response.output_item.done")) {
                items.add(event.path("item"));
            }
        }
        return items;
    }

    private static List<String> finalItems(List<JsonNode> events) {
        List<String> items = new ArrayList<>();
        events.getLast().at("/response/output").forEach(item -> items.add(item.toString()));
        return items;
    }
}
