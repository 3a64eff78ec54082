package dev.sluice.gateway.dialect.standard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.dialect.EventDialect;
import dev.sluice.gateway.dialect.ExampleStream;
import dev.sluice.gateway.dialect.Frames;
import dev.sluice.gateway.generation.Answer;
import dev.sluice.gateway.generation.StreamEvent;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StandardDialectTest {

    private final EventDialect dialect = StandardDialect.EVENT_STREAM;

    @Test
    void writesAnAnswerAsTheContractSays() throws IOException {
        assertThat(encode(ExampleStream.COMPLETED)).isEqualTo(ExampleStream.contract("standard.sse"));
    }

    @Test
    void writesABrokenAnswerAsTheContractSays() throws IOException {
        assertThat(encode(ExampleStream.BROKEN)).isEqualTo(ExampleStream.contract("standard-error.sse"));
    }

    @Test
    void writesAContinuedAnswerAsTheContractSays() throws IOException {
        assertThat(encode(ExampleStream.CONTINUED)).isEqualTo(ExampleStream.contract("standard-continued.sse"));
    }

    @Test
    void writesAnAbortedAnswerAsTheContractSays() throws IOException {
        assertThat(encode(ExampleStream.ABORTED)).isEqualTo(ExampleStream.contract("standard-aborted.sse"));
    }

    @Test
    void writesSpentAttemptsAsTheContractSays() throws IOException {
        assertThat(encode(ExampleStream.SPENT)).isEqualTo(ExampleStream.contract("standard-retries-exceeded.sse"));
    }

    @Test
    void writesAGapAsTheContractSays() throws IOException {
        assertThat(encode(ExampleStream.RESET)).isEqualTo(ExampleStream.contract("standard-reset.sse"));
    }

    @Test
    void showsEveryKindOfEvent() {
        List<Class<?>> shown = Stream.of(ExampleStream.COMPLETED, ExampleStream.BROKEN, ExampleStream.RESET)
                .flatMap(List::stream)
                .<Class<?>>map(StreamEvent::getClass)
                .distinct()
                .toList();

        assertThat(shown)
                .containsExactlyInAnyOrderElementsOf(Arrays.asList(StreamEvent.class.getPermittedSubclasses()));
    }

    @Test
    void givesEachEventItsOffsetAsItsId() {
        long expected = 0;
        for (Map<String, String> frame : Frames.of(encode(ExampleStream.COMPLETED))) {
            assertThat(frame).containsOnlyKeys("id", "data");
            assertThat(frame).containsEntry("id", String.valueOf(expected));
            assertThat(Frames.json(frame).path("offset").longValue()).isEqualTo(expected);
            expected++;
        }
        assertThat(expected).isEqualTo(ExampleStream.COMPLETED.size());
    }

    @Test
    void givesAGapNoIdSoThatAReconnectAsksForItAgain() {
        assertThat(Frames.of(encode(ExampleStream.RESET)).getFirst()).containsOnlyKeys("data");
    }

    @Test
    void addsUpToTheFinalResponse() {
        List<JsonNode> events = Frames.of(encode(ExampleStream.COMPLETED)).stream()
                .map(Frames::json)
                .toList();

        String text = events.stream()
                .filter(event -> event.path("type").textValue().equals("chunk"))
                .map(event -> event.at("/data/content").textValue())
                .collect(Collectors.joining());

        assertThat(text).isEqualTo(events.getLast().at("/data/final_response").textValue());
    }

    @Test
    void saysWhenTheFinalResponseIsCut() {
        Answer whole = ExampleStream.ANSWER;
        Answer cut = new Answer(
                "Hel",
                true,
                "",
                List.of(),
                whole.finishReason(),
                whole.usage(),
                true,
                whole.model(),
                whole.provider(),
                1,
                whole.timeToFirstChunk(),
                whole.duration());

        JsonNode data = Frames.json(Frames.of(encode(List.of(new StreamEvent.Completed(cut))))
                        .getFirst())
                .path("data");

        assertThat(data.path("final_response_cut").booleanValue()).isTrue();
        assertThat(data.at("/usage/estimated").booleanValue()).isTrue();
    }

    @Test
    void sendsTheHeadAtOnce() {
        assertThat(dialect.holdsHead()).isFalse();
    }

    private String encode(List<StreamEvent> events) {
        return ExampleStream.encode(dialect, events);
    }
}
