package dev.sluice.gateway.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateway.generation.GatewayException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessagesRequestTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String HELLO = "'messages':[{'role':'user','content':'Hello'}]";

    @Test
    void translatesAConversationWithToolsAndImages() {
        JsonNode chat = translate("""
                {'model':'demo','max_tokens':100,'system':[{'type':'text','text':'Be brief.','cache_control':{}},
                  {'type':'text','text':'Be kind.'}],
                 'messages':[
                  {'role':'user','content':[{'type':'text','text':'Look'},
                    {'type':'image','source':{'type':'base64','media_type':'image/png','data':'AAAA'}},
                    {'type':'image','source':{'type':'url','url':'https://example.org/a.png'}}]},
                  {'role':'assistant','content':[{'type':'thinking','thinking':'Hm','signature':'x'},
                    {'type':'redacted_thinking','data':'x'},{'type':'text','text':'I shall '},{'type':'text','text':'see.'},
                    {'type':'tool_use','id':'toolu_1','name':'f','input':{'a':1}},
                    {'type':'tool_use','id':'toolu_2','name':'g','input':{}}]},
                  {'role':'user','content':[
                    {'type':'tool_result','tool_use_id':'toolu_1','content':[{'type':'text','text':'one'},
                      {'type':'image','source':{'type':'base64','media_type':'image/png','data':'BBBB'}},
                      {'type':'text','text':'two'}]},
                    {'type':'tool_result','tool_use_id':'toolu_2','is_error':true},
                    {'type':'text','text':'Go on'}]}]}
                """);

        assertThat(chat.path("messages")).isEqualTo(json("""
                [{'role':'system','content':'Be brief.\\n\\nBe kind.'},
                 {'role':'user','content':[{'type':'text','text':'Look'},
                   {'type':'image_url','image_url':{'url':'data:image/png;base64,AAAA'}},
                   {'type':'image_url','image_url':{'url':'https://example.org/a.png'}}]},
                 {'role':'assistant','content':'I shall see.','tool_calls':[
                   {'id':'toolu_1','type':'function','function':{'name':'f','arguments':'{\\"a\\":1}'}},
                   {'id':'toolu_2','type':'function','function':{'name':'g','arguments':'{}'}}]},
                 {'role':'tool','content':'one\\n\\ntwo','tool_call_id':'toolu_1'},
                 {'role':'tool','content':'','tool_call_id':'toolu_2'},
                 {'role':'user','content':[{'type':'image_url','image_url':{'url':'data:image/png;base64,BBBB'}},
                   {'type':'text','text':'Go on'}]}]
                """));
    }

    @Test
    void textAloneStaysAString() {
        JsonNode chat = translate("{'model':'demo','max_tokens':1,'system':'S','messages':["
                + "{'role':'user','content':[{'type':'text','text':'A'}]},{'role':'assistant','content':'B'},"
                + "{'role':'system','content':'C'},{'role':'user','content':'D'},{'role':'assistant','content':[]}]}");

        assertThat(chat.path("messages"))
                .isEqualTo(json("[{'role':'system','content':'S'},{'role':'user','content':'A'},"
                        + "{'role':'assistant','content':'B'},{'role':'system','content':'C'},"
                        + "{'role':'user','content':'D'},{'role':'assistant','content':''}]"));
    }

    @Test
    void callsWithoutTextHaveNoContent() {
        JsonNode chat = translate("{'model':'demo','max_tokens':1,'messages':[{'role':'assistant','content':["
                + "{'type':'tool_use','id':'t','name':'f','input':{}}]}]}");

        assertThat(chat.at("/messages/0/content").isNull()).isTrue();
        assertThat(chat.at("/messages/0/tool_calls")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            'temperature':0.5,'top_p':0.9,'top_k':40     | 'temperature':0.5,'top_p':0.9,'top_k':40
            'stream':true,'sluice':{}                    | 'stream':true,'sluice':{}
            'stop_sequences':['a','b']                   | 'stop':['a','b']
            'stop_sequences':[],'stream':null            |
            'metadata':{'user_id':'u1'}                  | 'user':'u1'
            'metadata':{}                                |
            'thinking':{'type':'disabled'}               |
            'thinking':{'type':'adaptive'}               |
            'thinking':{'type':'enabled','budget_tokens':1024}  | 'reasoning_effort':'low'
            'thinking':{'type':'enabled','budget_tokens':8192}  | 'reasoning_effort':'medium'
            'thinking':{'type':'enabled','budget_tokens':8193}  | 'reasoning_effort':'high'
            'output_config':{'effort':'medium'}          | 'reasoning_effort':'medium'
            'thinking':{'type':'enabled'},'output_config':{'effort':'low'}  | 'reasoning_effort':'low'
            'thinking':{'type':'disabled'},'output_config':{'effort':'low'} |
            'output_config':{'format':{'type':'json_schema','schema':{}}}   | 'response_format':{'type':'json_schema','json_schema':{'name':'answer','strict':true,'schema':{}}}
            'tools':[],'tool_choice':{'type':'auto'}     |
            'tool_choice':{'type':'any'}                 |
            'service_tier':'auto','container':null,'mcp_servers':[],'context_management':{} |
            """)
    void translatesWhatHasACounterpartAndLeavesOutTheRest(String fields, @Nullable String expected) {
        JsonNode chat = translate("{'model':'demo','max_tokens':7," + HELLO + "," + fields + "}");

        assertThat(chat)
                .isEqualTo(json("{'model':'demo'," + HELLO + ",'max_completion_tokens':7"
                        + (expected == null ? "" : "," + expected) + "}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            {'type':'auto'}             | 'tool_choice':'auto'
            {'type':'any'}              | 'tool_choice':'required'
            {'type':'none'}             | 'tool_choice':'none'
            {'type':'tool','name':'f'}  | 'tool_choice':{'type':'function','function':{'name':'f'}}
            {'type':'auto','disable_parallel_tool_use':true}  | 'tool_choice':'auto','parallel_tool_calls':false
            {'type':'auto','disable_parallel_tool_use':false} | 'tool_choice':'auto'
            """)
    void translatesToolsAndTheirChoice(String choice, String expected) {
        JsonNode chat = translate("{'model':'demo','max_tokens':7," + HELLO
                + ",'tools':[{'name':'f','description':'d','input_schema':{'type':'object'},'strict':true},"
                + "{'type':'custom','name':'g','input_schema':{}}],'tool_choice':" + choice + "}");

        assertThat(chat)
                .isEqualTo(json("{'model':'demo'," + HELLO + ",'max_completion_tokens':7,'tools':["
                        + "{'type':'function','function':"
                        + "{'name':'f','description':'d','parameters':{'type':'object'},'strict':true}},"
                        + "{'type':'function','function':{'name':'g','parameters':{}}}]," + expected + "}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            messages                          | 'max_tokens':1
            messages                          | 'max_tokens':1,'messages':[]
            messages                          | 'max_tokens':1,'messages':{}
            messages.0                        | 'max_tokens':1,'messages':['Hi']
            messages.0                        | 'max_tokens':1,'messages':[null]
            messages.0.role                   | 'max_tokens':1,'messages':[{'content':'Hi'}]
            messages.1.role                   | 'max_tokens':1,'messages':[{'role':'user','content':'Hi'},{'role':'tool','content':'Hi'}]
            messages.0.content                | 'max_tokens':1,'messages':[{'role':'user'}]
            messages.0.content                | 'max_tokens':1,'messages':[{'role':'user','content':5}]
            messages.0.content                | 'max_tokens':1,'messages':[{'role':'user','content':[]}]
            messages.0.content                | 'max_tokens':1,'messages':[{'role':'assistant','content':null}]
            messages.0.content.0              | 'max_tokens':1,'messages':[{'role':'user','content':[1]}]
            messages.0.content.0.type         | 'max_tokens':1,'messages':[{'role':'user','content':[{}]}]
            messages.0.content.0.type         | 'max_tokens':1,'messages':[{'role':'user','content':[{'type':'document'}]}]
            messages.0.content.0.type         | 'max_tokens':1,'messages':[{'role':'assistant','content':[{'type':'image'}]}]
            messages.0.content.1.text         | 'max_tokens':1,'messages':[{'role':'user','content':[{'type':'text','text':'a'},{'type':'text'}]}]
            messages.0.content.0.source       | 'max_tokens':1,'messages':[{'role':'user','content':[{'type':'image'}]}]
            messages.0.content.0.source.type  | 'max_tokens':1,'messages':[{'role':'user','content':[{'type':'image','source':{'type':'file'}}]}]
            messages.0.content.0.source.data  | 'max_tokens':1,'messages':[{'role':'user','content':[{'type':'image','source':{'type':'base64','media_type':'image/png'}}]}]
            messages.0.content.0.tool_use_id  | 'max_tokens':1,'messages':[{'role':'user','content':[{'type':'tool_result'}]}]
            messages.0.content.0.content      | 'max_tokens':1,'messages':[{'role':'user','content':[{'type':'tool_result','tool_use_id':'t','content':5}]}]
            messages.0.content.0.content.0.type | 'max_tokens':1,'messages':[{'role':'user','content':[{'type':'tool_result','tool_use_id':'t','content':[{'type':'search_result'}]}]}]
            messages.0.content.0.input        | 'max_tokens':1,'messages':[{'role':'assistant','content':[{'type':'tool_use','id':'t','name':'f','input':'{}'}]}]
            messages.0.content.0.id           | 'max_tokens':1,'messages':[{'role':'assistant','content':[{'type':'tool_use'}]}]
            system                            | 'max_tokens':1,'system':5,'messages':[{'role':'user','content':'Hi'}]
            system.0.type                     | 'max_tokens':1,'system':[{'type':'image'}],'messages':[{'role':'user','content':'Hi'}]
            max_tokens                        | 'messages':[{'role':'user','content':'Hi'}]
            max_tokens                        | 'max_tokens':0,'messages':[{'role':'user','content':'Hi'}]
            max_tokens                        | 'max_tokens':1.5,'messages':[{'role':'user','content':'Hi'}]
            max_tokens                        | 'max_tokens':99999999999,'messages':[{'role':'user','content':'Hi'}]
            stop_sequences                    | 'max_tokens':1,'stop_sequences':'a','messages':[{'role':'user','content':'Hi'}]
            stop_sequences.1                  | 'max_tokens':1,'stop_sequences':['a',1],'messages':[{'role':'user','content':'Hi'}]
            metadata.user_id                  | 'max_tokens':1,'metadata':{'user_id':1},'messages':[{'role':'user','content':'Hi'}]
            thinking.type                     | 'max_tokens':1,'thinking':{'type':'deep'},'messages':[{'role':'user','content':'Hi'}]
            thinking.type                     | 'max_tokens':1,'thinking':true,'messages':[{'role':'user','content':'Hi'}]
            thinking.budget_tokens            | 'max_tokens':1,'thinking':{'type':'enabled'},'messages':[{'role':'user','content':'Hi'}]
            output_config.format.type         | 'max_tokens':1,'output_config':{'format':{}},'messages':[{'role':'user','content':'Hi'}]
            output_config.format.schema       | 'max_tokens':1,'output_config':{'format':{'type':'json_schema'}},'messages':[{'role':'user','content':'Hi'}]
            mcp_servers                       | 'max_tokens':1,'mcp_servers':[{}],'messages':[{'role':'user','content':'Hi'}]
            tools                             | 'max_tokens':1,'tools':{},'messages':[{'role':'user','content':'Hi'}]
            tools.0                           | 'max_tokens':1,'tools':[1],'messages':[{'role':'user','content':'Hi'}]
            tools.0.type                      | 'max_tokens':1,'tools':[{'type':'web_search_20250305','name':'w'}],'messages':[{'role':'user','content':'Hi'}]
            tools.0.input_schema              | 'max_tokens':1,'tools':[{'name':'f'}],'messages':[{'role':'user','content':'Hi'}]
            tool_choice                       | 'max_tokens':1,'tools':[{'name':'f','input_schema':{}}],'tool_choice':'auto','messages':[{'role':'user','content':'Hi'}]
            tool_choice.type                  | 'max_tokens':1,'tools':[{'name':'f','input_schema':{}}],'tool_choice':{'type':'some'},'messages':[{'role':'user','content':'Hi'}]
            tool_choice.name                  | 'max_tokens':1,'tools':[{'name':'f','input_schema':{}}],'tool_choice':{'type':'tool'},'messages':[{'role':'user','content':'Hi'}]
            tool_choice.disable_parallel_tool_use | 'max_tokens':1,'tools':[{'name':'f','input_schema':{}}],'tool_choice':{'type':'any','disable_parallel_tool_use':1},'messages':[{'role':'user','content':'Hi'}]
            """)
    void refusalNamesTheFieldAtFault(String path, String fields) {
        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() -> translate("{'model':'demo'," + fields + "}"))
                .satisfies(refused -> {
                    assertThat(refused.error().param()).isEqualTo(path);
                    assertThat(refused.error().message()).startsWith(path + " ").endsWith(".");
                });
    }

    @Test
    void leavesTheRequestAsItIs() {
        ObjectNode request = (ObjectNode) json("{'model':'demo','max_tokens':7,'stream':true," + HELLO + "}");
        ObjectNode before = request.deepCopy();

        assertThat(MessagesRequest.translate(request)).isNotEmpty();

        assertThat(request).isEqualTo(before);
    }

    @Test
    void estimatesWordsAndALumpForAnImage() {
        ObjectNode chat = MessagesRequest.prompt((ObjectNode) json("{'messages':[{'role':'user','content':["
                + "{'type':'text','text':'" + "A lock lifts a ship. ".repeat(20) + "'},"
                + "{'type':'image','source':{'type':'url','url':'https://example.org/" + "b".repeat(4_000)
                + "'}}]}]}"));

        assertThat(TokenEstimate.tokens(chat)).isBetween(1_620L, 1_625L);
    }

    @Test
    void countsToolsAsPartOfThePrompt() {
        long without = TokenEstimate.tokens(MessagesRequest.prompt((ObjectNode) json("{" + HELLO + "}")));
        long with = TokenEstimate.tokens(
                MessagesRequest.prompt((ObjectNode) json("{" + HELLO + ",'tools':[{'name':'f','description':'"
                        + "A lock lifts a ship. ".repeat(20) + "','input_schema':{}}]}")));

        assertThat(with - without).isBetween(140L, 165L);
    }

    private static ObjectNode translate(String request) {
        return MessagesRequest.translate((ObjectNode) json(request));
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }
}
