package dev.sluice.gateway.dialect.uimessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UiMessageRequestTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String USER = "{'id':'u1','role':'user','parts':[{'type':'text','text':'Hi'}]}";

    @Test
    void keepsWhatTheApplicationAddsAndTakesOutWhatBelongsToTheChat() {
        UiMessageRequest request =
                read("'temperature':0.5,'tools':[],'trigger':'submit-message','messageId':'x',", USER);

        assertThat(request.chatId()).isEqualTo("c1");
        assertThat(request.continuedMessage()).isNull();
        assertThat(request.chat())
                .isEqualTo(json("{'temperature':0.5,'tools':[],'messages':[{'role':'user','content':'Hi'}]}"));
    }

    @Test
    void textAndFilesBecomeContentPartsInTheirOrder() {
        translates(
                "{'role':'user','parts':[{'type':'file','mediaType':'image/png','url':'https://x/y.png'},"
                        + "{'type':'text','text':'What is this?'},"
                        + "{'type':'file','mediaType':'application/pdf','filename':'a.pdf','url':'data:application/pdf;base64,AA'}]}",
                "{'role':'user','content':[{'type':'image_url','image_url':{'url':'https://x/y.png'}},"
                        + "{'type':'text','text':'What is this?'},"
                        + "{'type':'file','file':{'filename':'a.pdf','file_data':'data:application/pdf;base64,AA'}}]}");
    }

    @Test
    void instructionsAreOneText() {
        translates(
                "{'role':'system','parts':[{'type':'text','text':'Be '},{'type':'text','text':'brief.'}]}",
                "{'role':'system','content':'Be brief.'}");
    }

    @Test
    void eachStepIsAMessageFollowedByItsResults() {
        translates(
                "{'role':'assistant','parts':[{'type':'step-start'},{'type':'reasoning','text':'Hm'},"
                        + "{'type':'text','text':'Let me look.'},"
                        + "{'type':'tool-weather','toolCallId':'t1','state':'output-available','input':{'city':'Rome'},'output':{'c':21}},"
                        + "{'type':'dynamic-tool','toolName':'time','toolCallId':'t2','state':'output-error','rawInput':'{oh','errorText':'No clock'},"
                        + "{'type':'step-start'},{'type':'text','text':'It is warm.'}]}",
                "{'role':'assistant','content':'Let me look.','tool_calls':["
                        + "{'id':'t1','type':'function','function':{'name':'weather','arguments':'{\\'city\\':\\'Rome\\'}'}},"
                        + "{'id':'t2','type':'function','function':{'name':'time','arguments':'{oh'}}]},"
                        + "{'role':'tool','tool_call_id':'t1','content':'{\\'c\\':21}'},"
                        + "{'role':'tool','tool_call_id':'t2','content':'No clock'},"
                        + "{'role':'assistant','content':'It is warm.'}");
    }

    @Test
    void textAsResultStaysText() {
        translates(
                "{'role':'assistant','parts':[{'type':'tool-f','toolCallId':'t','state':'output-available','input':{},'output':'plain'}]}",
                "{'role':'assistant','content':null,'tool_calls':[{'id':'t','type':'function',"
                        + "'function':{'name':'f','arguments':'{}'}}]},{'role':'tool','tool_call_id':'t','content':'plain'}");
    }

    @Test
    void callThatTheUserDidNotAllowHasAResultThatSaysSo() {
        translates(
                "{'role':'assistant','parts':[{'type':'tool-f','toolCallId':'t','state':'output-denied','input':{},"
                        + "'approval':{'id':'a','approved':false,'reason':'Too dear'}}]}",
                "{'role':'assistant','content':null,'tool_calls':[{'id':'t','type':'function',"
                        + "'function':{'name':'f','arguments':'{}'}}]},{'role':'tool','tool_call_id':'t','content':'Too dear'}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'tool-f','toolCallId':'t','state':'input-streaming'}",
                "{'type':'tool-f','toolCallId':'t','state':'input-available','input':{}}",
                "{'type':'tool-f','toolCallId':'t','state':'approval-requested','input':{}}",
                "{'type':'reasoning','text':'Hm'}",
                "{'type':'source-url','sourceId':'s','url':'https://x'}",
                "{'type':'data-weather','data':{}}",
                "{'type':'from-the-future'}",
                "{}",
                "7"
            })
    void partsThatNoModelReadsAreLeftOut(String part) {
        UiMessageRequest request =
                read("", USER + ",{'id':'a1','role':'assistant','parts':[" + part + "]}," + USER.replace("u1", "u2"));

        assertThat(request.chat().path("messages")).hasSize(2);
    }

    @Test
    void resultsOfToolsAreAnsweredInTheMessageThatCalledThem() {
        String assistant = "{'id':'a1','role':'assistant','parts':[{'type':'text','text':'x'}]}";

        assertThat(read("", USER + "," + assistant).continuedMessage()).isEqualTo("a1");
        assertThat(read("'messageId':'a1',", assistant + "," + USER).continuedMessage())
                .isEqualTo("a1");
        assertThat(read("'messageId':'u1',", assistant + "," + USER).continuedMessage())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"'messageId':'a1',", ""})
    void regeneratedMessageIsAnsweredAnew(String messageId) {
        String assistant = "{'id':'a1','role':'assistant','parts':[{'type':'text','text':'x'}]}";

        UiMessageRequest request = read("'trigger':'regenerate-message'," + messageId, USER + "," + assistant);

        assertThat(request.continuedMessage()).isNull();
        assertThat(request.chat().path("messages")).hasSize(1);
        assertThat(read("'trigger':'regenerate-message'," + messageId, USER)
                        .chat()
                        .path("messages"))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id              | {'messages':[" + USER + "]}",
                "id              | {'id':7,'messages':[" + USER + "]}",
                "id              | {'id':'','messages':[" + USER + "]}",
                "id              | {'id':'a\\nb','messages':[" + USER + "]}",
                "messages        | {'id':'c'}",
                "messages        | {'id':'c','messages':[]}",
                "messages        | {'id':'c','messages':'Hi'}",
                "messages[0].parts | {'id':'c','messages':[{'role':'user','content':'Hi'}]}",
                "messages[0].parts | {'id':'c','messages':[null]}",
                "messages[0].role | {'id':'c','messages':[{'role':'tool','parts':[]}]}",
                "messages[0].parts[0].url | {'id':'c','messages':[{'role':'user','parts':[{'type':'file','mediaType':'image/png'}]}]}",
                "messages[0].parts[0].url | {'id':'c','messages':[{'role':'user','parts':[{'type':'file','mediaType':'a/b','url':'https://x'}]}]}",
                "messages[0].parts[0].toolCallId | {'id':'c','messages':[{'role':'assistant','parts':[{'type':'tool-f','state':'output-error'}]}]}"
            })
    void namesTheFieldAtFault(String field, String body) {
        assertThatThrownBy(() -> UiMessageRequest.read(json(body)))
                .isInstanceOfSatisfying(GatewayException.class, refused -> {
                    assertThat(refused.error().code()).isEqualTo(ErrorCode.INVALID_REQUEST);
                    assertThat(refused.error().param()).isEqualTo(field);
                    assertThat(refused.error().message()).contains(field);
                });
    }

    @Test
    void chatMayBeNamedFreelyUpToABound() {
        String name = "\u00fc/ ..?" + "x".repeat(121);

        assertThat(UiMessageRequest.read(json("{'id':'" + name + "','messages':[" + USER + "]}"))
                        .chatId())
                .isEqualTo(name);
        assertThatThrownBy(() -> UiMessageRequest.read(json("{'id':'" + name + "xx','messages':[" + USER + "]}")))
                .isInstanceOf(GatewayException.class);
    }

    /** {@code /api/chat/../stream} is another path, however the dots are encoded: nobody could resume or stop such a chat. */
    @ParameterizedTest
    @ValueSource(strings = {".", ".."})
    void chatIsNotNamedByDotsThatMeanAWay(String id) {
        assertThatThrownBy(() -> UiMessageRequest.read(json("{'id':'" + id + "','messages':[" + USER + "]}")))
                .isInstanceOfSatisfying(GatewayException.class, refused -> {
                    assertThat(refused.error().code()).isEqualTo(ErrorCode.INVALID_REQUEST);
                    assertThat(refused.error().param()).isEqualTo("id");
                });
        assertThat(UiMessageRequest.read(json("{'id':'" + id + "..','messages':[" + USER + "]}"))
                        .chatId())
                .isEqualTo(id + "..");
    }

    private static void translates(String message, String expected) {
        JsonNode messages = read("", message).chat().path("messages");
        assertThat(messages).isEqualTo(json("{'m':[" + expected + "]}").path("m"));
    }

    private static UiMessageRequest read(String fields, String messages) {
        return UiMessageRequest.read(json("{'id':'c1'," + fields + "'messages':[" + messages + "]}"));
    }

    /** Reads JSON that is written with single quotes. */
    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text.replace("\\'", "\\\"").replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }
}
