package dev.sluice.gateway.dialect.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateway.dialect.ExampleStream;
import dev.sluice.gateway.generation.Answer;
import dev.sluice.gateway.generation.GatewayException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatFieldsTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final EarlierAnswers KEPT = stream -> switch (stream.value()) {
        case "str_example" -> Optional.of(ExampleStream.ANSWER);
        case "str_cut" -> Optional.of(cut(ExampleStream.ANSWER));
        default -> Optional.empty();
    };

    @Test
    void aTextIsOneMessageOfTheUser() {
        assertThat(chat("{'model':'m','input':'Hi','stream':true}"))
                .isEqualTo(json("{'model':'m','stream':true,'messages':[{'role':'user','content':'Hi'}]}"));
    }

    @Test
    void instructionsComeFirst() {
        assertThat(messages("{'instructions':'Be brief.','input':'Hi'}"))
                .isEqualTo(json("[{'role':'system','content':'Be brief.'},{'role':'user','content':'Hi'}]"));
    }

    @Test
    void messagesKeepTheirRolesAndParts() {
        assertThat(messages("{'input':[{'role':'developer','content':'D'},{'type':'message','role':'user','content':["
                        + "{'type':'input_text','text':'Look'},{'type':'input_image','image_url':'data:x','detail':'low'},"
                        + "{'type':'input_file','filename':'a.pdf','file_data':'data:y'},"
                        + "{'type':'input_audio','input_audio':{'data':'z','format':'wav'}}]},"
                        + "{'type':'message','id':'msg_1','status':'completed','role':'assistant','content':["
                        + "{'type':'output_text','text':'Seen','annotations':[]}]}]}"))
                .isEqualTo(json("[{'role':'developer','content':'D'},{'role':'user','content':["
                        + "{'type':'text','text':'Look'},{'type':'image_url','image_url':{'url':'data:x','detail':'low'}},"
                        + "{'type':'file','file':{'file_data':'data:y','filename':'a.pdf'}},"
                        + "{'type':'input_audio','input_audio':{'data':'z','format':'wav'}}]},"
                        + "{'role':'assistant','content':'Seen'}]"));
    }

    @Test
    void callsOfOneTurnAreOneMessageAndTheirResultsFollow() {
        assertThat(messages("{'input':[{'role':'user','content':'Weather?'},"
                        + "{'type':'reasoning','id':'rs_1','summary':[]},"
                        + "{'role':'assistant','content':[{'type':'output_text','text':'I look.'}]},"
                        + "{'type':'function_call','call_id':'a','name':'f','arguments':'{}'},"
                        + "{'type':'function_call','call_id':'b','name':'g','arguments':'{}'},"
                        + "{'type':'function_call_output','call_id':'a','output':'1'},"
                        + "{'type':'function_call_output','call_id':'b','output':[{'type':'input_text','text':'2'}]},"
                        + "{'type':'function_call','call_id':'c','name':'h','arguments':'{}'}]}"))
                .isEqualTo(json(
                        "[{'role':'user','content':'Weather?'},{'role':'assistant','content':'I look.','tool_calls':["
                                + "{'id':'a','type':'function','function':{'name':'f','arguments':'{}'}},"
                                + "{'id':'b','type':'function','function':{'name':'g','arguments':'{}'}}]},"
                                + "{'role':'tool','content':'1','tool_call_id':'a'},"
                                + "{'role':'tool','content':'2','tool_call_id':'b'},"
                                + "{'role':'assistant','content':null,'tool_calls':["
                                + "{'id':'c','type':'function','function':{'name':'h','arguments':'{}'}}]}]"));
    }

    @Test
    void anItemThatIsStillKeptMayBeReferredTo() {
        assertThat(messages("{'input':[{'type':'item_reference','id':'rs_str_example_0'},"
                        + "{'type':'item_reference','id':'msg_str_example'},"
                        + "{'type':'item_reference','id':'fc_str_example_0'},"
                        + "{'type':'function_call_output','call_id':'call_1','output':'sunny'}]}"))
                .isEqualTo(json(
                        "[{'role':'assistant','content':'Héllo 😀\\n\\\"there\\\"','tool_calls':[{'id':'call_1','type':'function',"
                                + "'function':{'name':'weather','arguments':'{\\\"city\\\":\\\"Rome\\\"}'}}]},"
                                + "{'role':'tool','content':'sunny','tool_call_id':'call_1'}]"));
    }

    @ParameterizedTest
    @CsvSource({
        "msg_str_other",
        "msg_str_cut",
        "fc_str_cut_0",
        "fc_str_example_2",
        "fc_str_example_x",
        "fc_str_example_99999999999",
        "fc_0",
        "fc_",
        "'msg_ ä'",
        "elsewhere"
    })
    void aReferenceToWhatIsNotKeptSaysSo(String id) {
        assertThatThrownBy(() -> chat("{'input':[{'type':'item_reference','id':'" + id + "'}]}"))
                .isInstanceOfSatisfying(GatewayException.class, refused -> {
                    assertThat(refused.error().param()).isEqualTo("input[0].id");
                    assertThat(refused.error().message()).contains("not kept", "\"store\"");
                });
    }

    @Test
    void toolsAreNested() {
        JsonNode chat = chat("{'input':'x','tools':[{'type':'function','name':'f','description':'D',"
                + "'parameters':{'type':'object'},'strict':true},{'type':'function','name':'g','parameters':null}],"
                + "'tool_choice':{'type':'function','name':'f'},'parallel_tool_calls':false}");

        assertThat(chat.path("tools"))
                .isEqualTo(
                        json(
                                "[{'type':'function','function':{'name':'f','description':'D',"
                                        + "'parameters':{'type':'object'},'strict':true}},{'type':'function','function':{'name':'g'}}]"));
        assertThat(chat.path("tool_choice")).isEqualTo(json("{'type':'function','function':{'name':'f'}}"));
        assertThat(chat.path("parallel_tool_calls").booleanValue()).isFalse();
    }

    @Test
    void whatIsSaidOfToolsIsLeftOutWhereThereAreNone() {
        assertThat(chat("{'input':'x','tools':[],'tool_choice':'auto','parallel_tool_calls':true}"))
                .isEqualTo(json("{'messages':[{'role':'user','content':'x'}]}"));
    }

    @Test
    void limitsEffortAndFormatHaveOtherNamesInAChat() {
        JsonNode chat = chat(
                "{'input':'x','max_output_tokens':9,'reasoning':{'effort':'low','summary':'auto'},"
                        + "'text':{'verbosity':'low','format':{'type':'json_schema','name':'n','schema':{'type':'object'},'strict':true}}}");

        assertThat(chat)
                .isEqualTo(json("{'messages':[{'role':'user','content':'x'}],'max_completion_tokens':9,"
                        + "'reasoning_effort':'low','verbosity':'low','response_format':{'type':'json_schema',"
                        + "'json_schema':{'name':'n','schema':{'type':'object'},'strict':true}}}"));
    }

    @Test
    void plainTextNeedsNoFormat() {
        assertThat(chat("{'input':'x','text':{'format':{'type':'text'}}}").has("response_format"))
                .isFalse();
        assertThat(chat("{'input':'x','text':{'format':{'type':'json_object'}}}")
                        .path("response_format"))
                .isEqualTo(json("{'type':'json_object'}"));
    }

    @Test
    void sharedAndUnknownFieldsPassAndWhatHasNoMeaningHereIsLeftOut() {
        assertThat(chat("{'input':'x','temperature':0.5,'top_p':1,'user':'u','metadata':{'a':'b'},'unheard_of':1,"
                        + "'sluice':{},'store':true,'include':['reasoning.encrypted_content'],'truncation':'auto',"
                        + "'background':false,'previous_response_id':null}"))
                .isEqualTo(json(
                        "{'messages':[{'role':'user','content':'x'}],'temperature':0.5,'top_p':1,'user':'u','metadata':{'a':'b'},"
                                + "'unheard_of':1,'sluice':{}}"));
    }

    @Test
    void nullsCountAsAbsent() {
        assertThat(
                        chat(
                                "{'input':'x','instructions':null,'max_output_tokens':null,'reasoning':null,'text':null,'tools':null,'tool_choice':null}"))
                .isEqualTo(json("{'messages':[{'role':'user','content':'x'}]}"));
    }

    @Test
    void theRequestStaysAsItIs() {
        JsonNode request = json("{'input':'x','tools':[{'type':'function','name':'f'}],'store':true}");

        ChatFields.of((ObjectNode) request, KEPT);

        assertThat(request).isEqualTo(json("{'input':'x','tools':[{'type':'function','name':'f'}],'store':true}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "input                  | {}",
                "input                  | {'input':[]}",
                "input                  | {'input':7}",
                "input                  | {'input':[{'type':'reasoning'}]}",
                "input[0]               | {'input':['x']}",
                "input[0].type          | {'input':[{'type':'web_search_call'}]}",
                "input[0].type          | {'input':[{'type':7}]}",
                "input[0].role          | {'input':[{'content':'x'}]}",
                "input[0].role          | {'input':[{'role':'tool','content':'x'}]}",
                "input[0].content       | {'input':[{'role':'user'}]}",
                "input[0].content       | {'input':[{'role':'assistant','content':null}]}",
                "input[0].content[0]    | {'input':[{'role':'user','content':['x']}]}",
                "input[0].content[0].type | {'input':[{'role':'user','content':[{'type':'input_video'}]}]}",
                "input[0].content[0].text | {'input':[{'role':'user','content':[{'type':'input_text'}]}]}",
                "input[0].content[0].image_url | {'input':[{'role':'user','content':[{'type':'input_image','file_id':'f'}]}]}",
                "input[0].content[0].file_data | {'input':[{'role':'user','content':[{'type':'input_file','file_id':'f'}]}]}",
                "input[0].call_id       | {'input':[{'type':'function_call','name':'f','arguments':'{}'}]}",
                "input[0].arguments     | {'input':[{'type':'function_call','call_id':'c','name':'f','arguments':{}}]}",
                "input[0].output        | {'input':[{'type':'function_call_output','call_id':'c'}]}",
                "instructions           | {'input':'x','instructions':[]}",
                "max_output_tokens      | {'input':'x','max_output_tokens':0}",
                "max_output_tokens      | {'input':'x','max_output_tokens':'9'}",
                "reasoning              | {'input':'x','reasoning':'low'}",
                "reasoning.effort       | {'input':'x','reasoning':{'effort':1}}",
                "text                   | {'input':'x','text':'json'}",
                "text.format            | {'input':'x','text':{'format':'json'}}",
                "text.format.type       | {'input':'x','text':{'format':{'type':'grammar'}}}",
                "text.format.name       | {'input':'x','text':{'format':{'type':'json_schema'}}}",
                "tools                  | {'input':'x','tools':{}}",
                "tools[0]               | {'input':'x','tools':['f']}",
                "tools[0].type          | {'input':'x','tools':[{'type':'web_search'}]}",
                "tools[0].type          | {'input':'x','tools':[{'type':'custom','name':'f'}]}",
                "tools[0].name          | {'input':'x','tools':[{'type':'function'}]}",
                "tool_choice            | {'input':'x','tool_choice':{'type':'web_search'}}",
                "tool_choice            | {'input':'x','tool_choice':7}",
                "previous_response_id   | {'input':'x','previous_response_id':'resp_1'}",
                "conversation           | {'input':'x','conversation':'conv_1'}",
                "prompt                 | {'input':'x','prompt':{'id':'p'}}",
                "background             | {'input':'x','background':true}"
            })
    void whatCannotBeMeantIsRefusedByName(String param, String request) {
        assertThatThrownBy(() -> chat(request)).isInstanceOfSatisfying(GatewayException.class, refused -> {
            assertThat(refused.error().param()).isEqualTo(param);
            assertThat(refused.error().message()).startsWith(param.replaceFirst("\\.type$", ""));
        });
    }

    private static Answer cut(Answer whole) {
        return new Answer(
                whole.text(),
                true,
                whole.reasoning(),
                whole.toolCalls(),
                whole.finishReason(),
                whole.usage(),
                whole.usageEstimated(),
                whole.model(),
                whole.provider(),
                whole.attempts(),
                whole.timeToFirstChunk(),
                whole.duration());
    }

    private static JsonNode chat(String request) {
        return ChatFields.of((ObjectNode) json(request), KEPT);
    }

    private static JsonNode messages(String request) {
        return chat(request).path("messages");
    }

    /** JSON with single quotes, to be legible here. */
    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }
}
