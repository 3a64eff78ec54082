package dev.sluice.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** However a server numbers and cuts its tool calls, ours are numbered from 0 and carry id and name once. */
class ToolCallsTest {

    static Stream<Arguments> ways() {
        return Stream.of(
                way(
                        "as OpenAI does",
                        List.of("T:0:a:f:", "T:0:-:-:{", "T:0:-:-:}", "T:1:b:g:", "T:1:-:-:{}"),
                        "{'index':0,'id':'a','type':'function','function':{'name':'f','arguments':''}}",
                        "{'index':0,'function':{'arguments':'{'}}",
                        "{'index':0,'function':{'arguments':'}'}}",
                        "{'index':1,'id':'b','function':{'name':'g','arguments':''}}",
                        "{'index':1,'function':{'arguments':'{}'}}"),
                way(
                        "interleaved",
                        List.of("T:0:a:f:", "T:1:b:g:", "T:0:-:-:1", "T:1:-:-:2", "T:0:-:-:3"),
                        "{'index':0,'id':'a','function':{'name':'f'}},{'index':1,'id':'b','function':{'name':'g'}}",
                        "{'index':0,'function':{'arguments':'1'}},{'index':1,'function':{'arguments':'2'}}",
                        "{'index':0,'function':{'arguments':'3'}}"),
                way(
                        "numbered from 1",
                        List.of("T:0:a:f:{}", "T:1:b:g:{}"),
                        "{'index':1,'id':'a','function':{'name':'f','arguments':'{}'}}",
                        "{'index':2,'id':'b','function':{'name':'g','arguments':'{}'}}"),
                way(
                        "whole and without a number",
                        List.of("T:0:a:f:{}", "T:1:b:f:{}"),
                        "{'id':'a','function':{'name':'f','arguments':'{}'}},{'id':'b','function':{'name':'f','arguments':'{}'}}"),
                way(
                        "whole and all numbered 0",
                        List.of("T:0:a:f:{}", "T:1:b:f:{}"),
                        "{'index':0,'id':'a','function':{'name':'f','arguments':'{}'}}",
                        "{'index':0,'id':'b','function':{'name':'f','arguments':'{}'}}"),
                way(
                        "with neither number nor id",
                        List.of("T:0:call_0:f:", "T:0:-:-:{}", "T:1:call_1:g:{}"),
                        "{'function':{'name':'f','arguments':''}}",
                        "{'function':{'arguments':'{}'}}",
                        "{'function':{'name':'g','arguments':'{}'}}"),
                way(
                        "with an id instead of a number",
                        List.of("T:0:a:f:", "T:1:b:g:", "T:0:-:-:1", "T:1:-:-:2"),
                        "{'id':'a','function':{'name':'f'}}",
                        "{'id':'b','function':{'name':'g'}}",
                        "{'id':'a','function':{'arguments':'1'}}",
                        "{'id':'b','function':{'arguments':'2'}}"),
                way(
                        "repeating id and name",
                        List.of("T:0:a:f:1", "T:0:-:-:2", "T:0:-:-:3"),
                        "{'index':0,'id':'a','function':{'name':'f','arguments':'1'}}",
                        "{'index':0,'id':'a','function':{'name':'f','arguments':'2'}}",
                        "{'index':0,'id':'','function':{'name':'','arguments':'3'}}"),
                way(
                        "with arguments that are JSON",
                        List.of("T:0:a:f:{\"city\":\"Turin\",\"n\":[1,2]}"),
                        "{'index':0,'id':'a','function':{'name':'f','arguments':{'city':'Turin','n':[1,2]}}}"),
                way(
                        "of a custom tool",
                        List.of("T:0:a:f:in"),
                        "{'index':0,'id':'a','type':'custom','custom':{'name':'f','input':'in'}}"),
                way(
                        "with arguments that are null",
                        List.of("T:0:a:f:"),
                        "{'index':0,'id':'a','function':{'name':'f','arguments':null}}",
                        "{'index':0,'function':{'arguments':''}}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ways")
    void areNormalised(String name, byte[] input, List<String> deltas) {
        Decoded decoded = Decoded.byteByByte(input);

        assertThat(decoded.said()).startsWith("S").endsWith("F:TOOL_CALLS");
        assertThat(decoded.said().subList(1, decoded.said().size() - 1)).isEqualTo(deltas);
    }

    @Test
    void theObsoleteFunctionCallIsOneToolCall() {
        byte[] input = Decoded.events(
                ChatEventsTest.delta("'function_call':{'name':'f','arguments':''}"),
                ChatEventsTest.delta("'function_call':{'arguments':'{}'}"),
                "{'choices':[{'delta':{},'finish_reason':'function_call'}]}",
                "[DONE]");

        assertThat(Decoded.byteByByte(input).said())
                .containsExactly("S", "T:0:call_0:f:", "T:0:-:-:{}", "F:TOOL_CALLS");
    }

    /** Each element of {@code pieces} is one event; the stream ends with {@code stop}, as some servers have it. */
    private static Arguments way(String name, List<String> deltas, String... pieces) {
        String[] events = Stream.concat(
                        Stream.of(pieces).map(piece -> ChatEventsTest.delta("'tool_calls':[" + piece + "]")),
                        Stream.of("{'choices':[{'delta':{},'finish_reason':'stop'}]}", "[DONE]"))
                .toArray(String[]::new);
        return Arguments.of(name, Decoded.events(events), deltas);
    }
}
