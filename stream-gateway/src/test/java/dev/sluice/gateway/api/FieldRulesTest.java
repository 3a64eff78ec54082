package dev.sluice.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldRulesTest {

    private static final JsonMapper JSON = new JsonMapper();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "stream | true",
                "stream_options | {\"include_usage\":true}",
                "sluice | {}",
                "max_tokens | 1",
                "max_completion_tokens | 100000",
                "temperature | 0",
                "temperature | 2.0",
                "top_p | 1",
                "presence_penalty | -2",
                "frequency_penalty | 1.5",
                "n | 1",
                "seed | -9223372036854775808",
                "logprobs | false",
                "top_logprobs | 5",
                "logit_bias | {\"1\":2}",
                "stop | \"END\"",
                "stop | [\"a\",\"b\"]",
                "stop | []",
                "tools | []",
                "tool_choice | \"auto\"",
                "tool_choice | {\"type\":\"function\"}",
                "parallel_tool_calls | false",
                "response_format | {\"type\":\"json_object\"}",
                "metadata | {}",
                "user | \"u\"",
                "some_field_of_tomorrow | [1,{}]",
                "temperature | null",
                "stop | null"
            })
    void takesWhatTheSchemaAllows(String field, String value) {
        assertThatCode(() -> FieldRules.check(request(field, value))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "stream | \"true\"",
                "stream | 1",
                "stream_options | true",
                "sluice | []",
                "max_tokens | 0",
                "max_tokens | -1",
                "max_tokens | 1.5",
                "max_tokens | 3000000000",
                "max_completion_tokens | \"10\"",
                "temperature | 2.1",
                "temperature | -0.1",
                "temperature | \"1\"",
                "top_p | 1.01",
                "presence_penalty | -2.1",
                "frequency_penalty | 3",
                "n | 2",
                "n | 0",
                "n | 4294967297",
                "seed | 0.5",
                "logprobs | 1",
                "top_logprobs | \"5\"",
                "logit_bias | []",
                "stop | 1",
                "stop | [1]",
                "tools | {}",
                "tool_choice | true",
                "parallel_tool_calls | \"no\"",
                "response_format | \"json\"",
                "metadata | \"m\"",
                "user | 7"
            })
    void namesTheFieldThatItRefuses(String field, String value) throws IOException {
        assertRefused(request(field, value), field);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"role\":\"user\",\"content\":\"Hi\"}",
                "{\"role\":\"developer\",\"content\":[{\"type\":\"text\",\"text\":\"Hi\"}]}",
                "{\"role\":\"system\",\"content\":\"\"}",
                "{\"role\":\"assistant\",\"tool_calls\":[]}",
                "{\"role\":\"assistant\",\"content\":null}",
                "{\"role\":\"tool\",\"content\":\"4\",\"tool_call_id\":\"c\"}",
                "{\"role\":\"function\",\"content\":\"4\"}"
            })
    void takesMessagesOfEveryRole(String message) {
        assertThatCode(() -> FieldRules.check(messages(message))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "messages[1] | \"Hi\"",
                "messages[1].role | {\"content\":\"Hi\"}",
                "messages[1].role | {\"role\":\"robot\",\"content\":\"Hi\"}",
                "messages[1].role | {\"role\":1,\"content\":\"Hi\"}",
                "messages[1].content | {\"role\":\"user\"}",
                "messages[1].content | {\"role\":\"user\",\"content\":null}",
                "messages[1].content | {\"role\":\"user\",\"content\":1}",
                "messages[1].content | {\"role\":\"assistant\",\"content\":{}}"
            })
    void namesTheMessageThatItRefuses(String param, String message) throws IOException {
        assertRefused(messages("{\"role\":\"user\",\"content\":\"Hi\"}," + message), param);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"messages\":null}", "{\"messages\":[]}", "{\"messages\":{}}", "{\"messages\":\"Hi\"}"})
    void wantsAtLeastOneMessage(String request) throws IOException {
        assertRefused((ObjectNode) JSON.readTree(request), "messages");
    }

    @Test
    void repeatsNoContentInItsMessage() throws IOException {
        ObjectNode request = messages("{\"role\":\"PRIVATE\",\"content\":\"PRIVATE\"}");

        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() -> FieldRules.check(request))
                .withMessageNotContaining("PRIVATE");
    }

    private static void assertRefused(ObjectNode request, String param) {
        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() -> FieldRules.check(request))
                .satisfies(exception -> {
                    assertThat(exception.error().code()).isEqualTo(ErrorCode.INVALID_REQUEST);
                    assertThat(exception.error().param()).isEqualTo(param);
                    assertThat(exception.error().message()).startsWith(param + " must be ");
                });
    }

    private static ObjectNode request(String field, String value) throws IOException {
        ObjectNode request = messages("{\"role\":\"user\",\"content\":\"Hi\"}");
        request.set(field, JSON.readTree(value));
        return request;
    }

    private static ObjectNode messages(String messages) throws IOException {
        return (ObjectNode) JSON.readTree("{\"messages\":[" + messages + "]}");
    }
}
