package dev.sluice.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.stream.Chunk;
import dev.sluice.stream.FinishReason;
import dev.sluice.stream.TokenUsage;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the streams of OpenAI and of compatible servers mean, each one however its bytes are cut. */
class ChatEventsTest {

    private static final String STOP = "{'choices':[{'delta':{},'finish_reason':'stop'}]}";

    static Stream<Arguments> text() {
        return Stream.of(
                stream(
                        "a usual stream",
                        List.of("S:c1/m", "a", "b", "U:9/2", "F:STOP"),
                        "{'id':'c1','model':'m','choices':[{'index':0,'delta':{'role':'assistant','content':''}}]}",
                        "{'id':'c1','model':'m','choices':[{'index':0,'delta':{'content':'a'},'finish_reason':null}]}",
                        "{'id':'c1','model':'m','choices':[{'index':0,'delta':{'content':'b'},'finish_reason':null}]}",
                        "{'id':'c1','model':'m','choices':[{'index':0,'delta':{},'finish_reason':'stop'}]}",
                        "{'id':'c1','model':'m','choices':[],'usage':{'prompt_tokens':9,'completion_tokens':2}}",
                        "[DONE]"),
                stream("no [DONE]", List.of("S", "a", "F:STOP"), delta("'content':'a'"), STOP),
                stream("[DONE] twice", List.of("S", "a", "F:STOP"), delta("'content':'a'"), STOP, "[DONE]", "[DONE]"),
                stream("[DONE] with blanks", List.of("S", "a", "F:STOP"), delta("'content':'a'"), STOP, "  [DONE] "),
                stream("[DONE] is the only finish", List.of("S", "a", "F:STOP"), delta("'content':'a'"), "[DONE]"),
                stream(
                        "[DONE] within the text is text",
                        List.of("S", "[DONE]", "F:STOP"),
                        delta("'content':'[DONE]'"),
                        STOP,
                        "[DONE]"),
                stream(
                        "what follows [DONE] is ignored",
                        List.of("S", "a", "F:STOP"),
                        delta("'content':'a'"),
                        STOP,
                        "[DONE]",
                        "{'error':'late'}",
                        "no json"),
                stream(
                        "everything in one event",
                        List.of("S:x/-", "t", "T:0:i:f:{}", "U:1/2", "F:TOOL_CALLS"),
                        "{'id':'x','choices':[{'delta':{'content':'t','tool_calls':[{'id':'i','function':{'name':'f',"
                                + "'arguments':'{}'}}]},'finish_reason':'tool_calls'}],"
                                + "'usage':{'prompt_tokens':1,'completion_tokens':2}}",
                        "[DONE]"),
                stream(
                        "Azure's first chunk without choices",
                        List.of("S:c/m", "a", "F:STOP"),
                        "{'id':'','model':'','choices':[],'prompt_filter_results':[{'prompt_index':0}]}",
                        "{'id':'c','model':'m','choices':[{'index':0,'delta':{'content':'a'}}]}",
                        "{'id':'c','model':'m','choices':[{'index':0,'finish_reason':'stop'}]}",
                        "[DONE]"),
                stream(
                        "text in the event that finishes, and after it",
                        List.of("S", "a", "b", "F:LENGTH"),
                        "{'choices':[{'delta':{'content':'a'},'finish_reason':'length'}]}",
                        delta("'content':'b'"),
                        "[DONE]"),
                stream(
                        "an empty finish reason is none yet",
                        List.of("S", "a", "F:STOP"),
                        "{'choices':[{'delta':{'content':'a'},'finish_reason':''}]}",
                        STOP,
                        "[DONE]"),
                stream(
                        "only choice 0 is taken",
                        List.of("S", "a", "b", "F:STOP"),
                        "{'choices':[{'index':1,'delta':{'content':'x'}},{'index':0,'delta':{'content':'a'}}]}",
                        "{'choices':[{'delta':{'content':'y','tool_calls':[{'id':'q'}]},'finish_reason':'length','index':1}]}",
                        "{'choices':[{'delta':{'content':'b'},'finish_reason':'stop'},{'delta':{'content':'z'}}]}",
                        "[DONE]"),
                stream(
                        "nothing where something is usual",
                        List.of("S", "a", "F:STOP"),
                        "{}",
                        "",
                        "null",
                        "[]",
                        "{'choices':null,'usage':null,'error':null}",
                        "{'choices':[{}]}",
                        "{'choices':[null]}",
                        "{'choices':[{'delta':null}]}",
                        delta("'content':null,'tool_calls':null,'refusal':null,'function_call':null"),
                        "{'error':null,'object':null,'choices':[{'delta':{'content':'a'}}],'new':{'x':[1,{'y':2}]}}",
                        STOP,
                        "[DONE]"),
                stream(
                        "escapes and characters beyond ASCII",
                        List.of("S", "é\n\"\\", "😀", "\uD83D\uDE00", "F:STOP"),
                        delta("'content':'é\\n\\\"\\\\'"),
                        delta("'content':'😀'"),
                        delta("'content':'\\ud83d\\ude00'"),
                        STOP,
                        "[DONE]"));
    }

    static Stream<Arguments> beyondText() {
        return Stream.of(
                stream(
                        "reasoning under either name, once",
                        List.of("S", "R:a", "R:b", "R:c", "d", "F:STOP"),
                        delta("'content':null,'reasoning_content':'a'"),
                        delta("'reasoning':'b'"),
                        delta("'reasoning':'c','reasoning_content':'c'"),
                        delta("'content':'d','reasoning':null"),
                        STOP,
                        "[DONE]"),
                stream(
                        "a refusal is text",
                        List.of("S", "I must not.", "F:STOP"),
                        delta("'content':null,'refusal':'I must not.'"),
                        STOP,
                        "[DONE]"),
                stream(
                        "content in parts",
                        List.of("S", "R:hm", "R:m", "yes", "plain", "F:STOP"),
                        delta(
                                "'content':[{'type':'thinking','thinking':[{'type':'text','text':'hm'},"
                                        + "{'type':'text','text':'m'}]},{'text':'yes','type':'text'},{'type':'image'},'plain']"),
                        STOP,
                        "[DONE]"),
                stream(
                        "usage on every event, the last one counts",
                        List.of("S", "a", "b", "U:5/9", "F:STOP"),
                        "{'choices':[{'delta':{'content':'a'}}],'usage':{'prompt_tokens':5,'completion_tokens':1}}",
                        "{'choices':[{'delta':{'content':'b'}}],'usage':{'prompt_tokens':5,'completion_tokens':2}}",
                        STOP,
                        "{'choices':[],'usage':{'prompt_tokens':5,'completion_tokens':9}}",
                        "[DONE]"),
                stream(
                        "usage that nobody can have",
                        List.of("S", "a", "F:STOP"),
                        delta("'content':'a'"),
                        STOP,
                        "{'choices':[],'usage':{'prompt_tokens':9223372036854775807,'completion_tokens':1e300}}"),
                stream(
                        "Groq's usage",
                        List.of("S", "U:5/6", "F:STOP"),
                        "{'choices':[{'delta':{},'finish_reason':'stop'}],"
                                + "'x_groq':{'id':'r','usage':{'prompt_tokens':5,'completion_tokens':6}}}",
                        "[DONE]"),
                stream(
                        "usage within the choice",
                        List.of("S", "U:5/6", "F:STOP"),
                        "{'choices':[{'delta':{},'finish_reason':'stop','usage':{'prompt_tokens':5,'completion_tokens':6}}]}",
                        "[DONE]"),
                stream(
                        "details of usage",
                        List.of("S", "U:10/8/4/3", "F:STOP"),
                        STOP,
                        "{'choices':[],'usage':{'prompt_tokens':10,'completion_tokens':8,'total_tokens':18,"
                                + "'prompt_tokens_details':{'cached_tokens':4},'completion_tokens_details':{'reasoning_tokens':3}}}",
                        "[DONE]"),
                stream(
                        "reasoning that is not in the output is added",
                        List.of("S", "U:12/291/-/290", "F:STOP"),
                        STOP,
                        "{'choices':[],'usage':{'prompt_tokens':12,'completion_tokens':1,'total_tokens':303,"
                                + "'completion_tokens_details':{'reasoning_tokens':290}}}",
                        "[DONE]"),
                stream(
                        "usage that says nothing is no usage",
                        List.of("S", "F:STOP"),
                        STOP,
                        "{'choices':[],'usage':{'prompt_tokens':null}}",
                        "[DONE]"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"text", "beyondText"})
    void meansTheSameWhereverTheBytesAreCut(String name, byte[] input, List<String> meaning) {
        assertThat(Decoded.whole(input).said()).as("whole").isEqualTo(meaning);
        for (int cut = 1; cut < input.length; cut++) {
            Decoded decoded = new Decoded();
            decoded.feed(Arrays.copyOf(input, cut));
            decoded.feed(Arrays.copyOfRange(input, cut, input.length));
            assertThat(decoded.end().said()).as("cut at %d", cut).isEqualTo(meaning);
        }
        assertThat(Decoded.byteByByte(input).said()).as("byte by byte").isEqualTo(meaning);
    }

    @ParameterizedTest
    @MethodSource("finishReasons")
    void everyFinishReasonHasAMeaning(String theirs, FinishReason ours) {
        byte[] input = Decoded.events("{'choices':[{'delta':{},'finish_reason':'" + theirs + "'}]}", "[DONE]");

        assertThat(Decoded.whole(input).chunks()).last().isEqualTo(new Chunk.Finished(ours));
    }

    static Stream<Arguments> finishReasons() {
        return Stream.of(
                Arguments.of("stop", FinishReason.STOP),
                Arguments.of("eos", FinishReason.STOP),
                Arguments.of("something new", FinishReason.STOP),
                Arguments.of("length", FinishReason.LENGTH),
                Arguments.of("model_length", FinishReason.LENGTH),
                Arguments.of("tool_calls", FinishReason.TOOL_CALLS),
                Arguments.of("function_call", FinishReason.TOOL_CALLS),
                Arguments.of("content_filter", FinishReason.CONTENT_FILTER));
    }

    @Test
    void invalidUtf8IsReplacedInEveryWayOfReading() {
        byte[] event = Decoded.events(delta("'content':'a?b'"));
        byte[] broken = event.clone();
        for (int i = 0; i < broken.length; i++) {
            broken[i] = broken[i] == '?' ? (byte) 0xFF : broken[i];
        }
        Decoded decoded = new Decoded();
        decoded.feed(broken);
        decoded.feed(event);
        decoded.feed(broken);
        decoded.feed(Decoded.events(STOP, "[DONE]"));

        assertThat(decoded.said()).containsExactly("S", "a\uFFFDb", "a?b", "a\uFFFDb", "F:STOP");
    }

    @Test
    void theLastEventMayLackItsBlankLine() {
        byte[] input = Decoded.events(delta("'content':'a'"), STOP);

        assertThat(Decoded.whole(Arrays.copyOf(input, input.length - 2)).said()).containsExactly("S", "a", "F:STOP");
    }

    @Test
    void theFinishIsHeldBackForTheFiguresThatMayFollow() {
        Decoded decoded = new Decoded();
        decoded.feed(Decoded.events(delta("'content':'a'"), STOP));
        assertThat(decoded.said()).containsExactly("S", "a");

        decoded.feed(Decoded.events("{'choices':[],'usage':{'prompt_tokens':1,'completion_tokens':2}}"));
        assertThat(decoded.chunks())
                .endsWith(new Chunk.UsageReported(TokenUsage.of(1, 2)), new Chunk.Finished(FinishReason.STOP));
    }

    @Test
    void aWholeCompletionInPlaceOfAStreamIsAnAnswer() {
        String document =
                Decoded.json("\n\n{'id':'c','model':'m','object':'chat.completion','choices':[{'index':0,'message':"
                        + "{'role':'assistant','content':'Hi','reasoning_content':'hm','tool_calls':[{'id':'t','type':'function',"
                        + "'function':{'name':'f','arguments':'{}'}}]},'finish_reason':'stop'}],"
                        + "'usage':{'prompt_tokens':1,'completion_tokens':2}}");

        assertThat(Decoded.byteByByte(Decoded.utf8(document)).said())
                .containsExactly("S:c/m", "Hi", "R:hm", "T:0:t:f:{}", "U:1/2", "F:TOOL_CALLS");
    }

    static String delta(String fields) {
        return "{'choices':[{'index':0,'delta':{" + fields + "}}]}";
    }

    private static Arguments stream(String name, List<String> meaning, String... events) {
        return Arguments.of(name, Decoded.events(events), meaning);
    }
}
