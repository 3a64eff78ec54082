package dev.sluice.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.generation.StreamId;
import dev.sluice.gateway.pipeline.OnInterrupt;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestDecoderTest {

    private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";

    private final RequestDecoder decoder = new RequestDecoder();

    @Test
    void takesTheLeastThatIsARequest() {
        DecodedRequest request = chat("\"model\":\"demo\"");

        assertThat(request.model()).isEqualTo("demo");
        assertThat(request.stream()).isFalse();
        assertThat(request.includeUsage()).isFalse();
        assertThat(request.fallbacks()).isEmpty();
        assertThat(request.streamId()).isEmpty();
        assertThat(request.onDisconnect().isMissingNode()).isTrue();
        assertThat(request.chat().extension().isMissingNode()).isTrue();
        assertThat(request.chat().body()).hasToString("{" + MESSAGES + "}");
    }

    @Test
    void keepsUnknownFieldsForTheProviderAndItsOwnToItself() {
        DecodedRequest request = chat("\"model\":\"demo\",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                + "\"sluice\":{\"simulate\":{}},\"tomorrow\":[1],\"temperature\":1.0");

        assertThat(request.stream()).isTrue();
        assertThat(request.includeUsage()).isTrue();
        assertThat(request.chat().extension()).hasToString("{\"simulate\":{}}");
        assertThat(request.chat().body()).hasToString("{\"tomorrow\":[1],\"temperature\":1.0," + MESSAGES + "}");
    }

    @Test
    void takesNullForAbsent() {
        DecodedRequest request = chat("\"model\":\"demo\",\"stream\":null,\"stream_options\":null,\"sluice\":null");

        assertThat(request.stream()).isFalse();
        assertThat(request.chat().extension().isMissingNode()).isTrue();
    }

    @Test
    void takesWhatAStreamAdds() {
        DecodedRequest request = stream("\"model\":\"demo\",\"stream_id\":\"my-id\",\"on_disconnect\":\"drain\","
                + "\"fallbacks\":[\"a\",\"b\"]");

        assertThat(request.streamId()).contains(new StreamId("my-id"));
        assertThat(request.onDisconnect().textValue()).isEqualTo("drain");
        assertThat(request.fallbacks()).containsExactly("a", "b");
        assertThat(request.chat().body()).hasToString("{" + MESSAGES + "}");
    }

    @Test
    void continuesOnlyWhereThatIsAskedFor() {
        assertThat(stream("\"model\":\"demo\"").onInterrupt()).isEqualTo(OnInterrupt.FAIL);
        assertThat(stream("\"model\":\"demo\",\"on_interrupt\":\"fail\"").onInterrupt())
                .isEqualTo(OnInterrupt.FAIL);
        DecodedRequest own = stream("\"model\":\"demo\",\"on_interrupt\":\"continue\"");
        assertThat(own.onInterrupt()).isEqualTo(OnInterrupt.CONTINUE);
        assertThat(own.chat().body()).hasToString("{" + MESSAGES + "}");
        assertThat(chat("\"model\":\"demo\",\"sluice\":{\"on_interrupt\":\"continue\"}")
                        .onInterrupt())
                .isEqualTo(OnInterrupt.CONTINUE);
        assertThat(chat("\"model\":\"demo\",\"on_interrupt\":\"continue\"").onInterrupt())
                .as("somebody else's field")
                .isEqualTo(OnInterrupt.FAIL);
    }

    @Test
    void leavesAStreamsFieldsToTheProviderInAChatCompletion() {
        DecodedRequest request = chat("\"model\":\"demo\",\"stream_id\":\"not an id\"");

        assertThat(request.streamId()).isEmpty();
        assertThat(request.chat().body().has("stream_id")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"model\":null", "\"model\":\"\"", "\"model\":\"  \"", "\"model\":1", "\"other\":1"})
    void wantsAModel(String field) {
        assertRefused(() -> chat(field), "model");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "\"a b\"", "7"})
    void wantsAStreamIdToBeOne(String id) {
        assertRefused(() -> stream("\"model\":\"demo\",\"stream_id\":" + id), "stream_id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"a\"", "[]", "[1]", "[\"\"]", "[\"a\",null]", "[\" \"]", "{}"})
    void wantsFallbacksToBeNames(String fallbacks) {
        assertRefused(() -> stream("\"model\":\"demo\",\"fallbacks\":" + fallbacks), "fallbacks");
    }

    @Test
    void takesSixteenFallbacksAndNoMore() {
        String name = "\"a\"";
        List<String> sixteen = Stream.generate(() -> name).limit(16).toList();
        assertThat(stream("\"model\":\"demo\",\"fallbacks\":[" + String.join(",", sixteen) + "]")
                        .fallbacks())
                .hasSize(16);

        assertRefused(
                () -> stream("\"model\":\"demo\",\"fallbacks\":[" + String.join(",", sixteen) + ",\"a\"]"),
                "fallbacks");
    }

    @Test
    void takesFallbacksAndAStickyKeyInAnyFormat() {
        DecodedRequest request =
                chat("\"model\":\"demo\",\"sluice\":{\"fallbacks\":[\"a\",\"b\"],\"sticky\":\"chat-7\"}");

        assertThat(request.fallbacks()).containsExactly("a", "b");
        assertThat(request.stickyKey()).contains("chat-7");
    }

    @Test
    void takesAStreamsOwnFieldsBeforeThoseOfTheExtension() {
        DecodedRequest request = stream("\"model\":\"demo\",\"fallbacks\":[\"a\"],\"sticky\":\"mine\","
                + "\"sluice\":{\"fallbacks\":[\"b\"],\"sticky\":\"other\"}");

        assertThat(request.fallbacks()).containsExactly("a");
        assertThat(request.stickyKey()).contains("mine");
        assertThat(request.chat().body()).hasToString("{" + MESSAGES + "}");
    }

    @Test
    void namesAFieldOfTheExtensionByItsPath() {
        assertRefused(() -> chat("\"model\":\"demo\",\"sluice\":{\"fallbacks\":\"a\"}"), "sluice.fallbacks");
        assertRefused(() -> chat("\"model\":\"demo\",\"sluice\":{\"sticky\":7}"), "sluice.sticky");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null", "7", "\"text\"", "   "})
    void wantsAnObject(String body) {
        assertRefused(() -> decoder.chatCompletion(bytes(body)), null);
    }

    @Test
    void wantsABody() {
        assertRefused(() -> decoder.chatCompletion(null), null);
        assertRefused(() -> decoder.chatCompletion(new byte[0]), null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"PRIVATE\":}", "{\"a\":1} {\"b\":2}", "{\"a\":1}x", "PRIVATE", "{\"a\":\"\uD83D"})
    void saysWhereTheJsonIsBrokenAndRepeatsNothingOfIt(String body) {
        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() -> decoder.chatCompletion(bytes(body)))
                .withMessageMatching("The body is not valid JSON \\(line \\d+, column \\d+\\)\\.");
    }

    @Test
    void survivesNestingWithoutEnd() {
        assertRefused(() -> decoder.chatCompletion(bytes("[".repeat(1_000_000))), null);
    }

    private DecodedRequest chat(String fields) {
        return decoder.chatCompletion(bytes("{" + fields + "," + MESSAGES + "}"));
    }

    private DecodedRequest stream(String fields) {
        return decoder.stream(bytes("{" + fields + "," + MESSAGES + "}"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void assertRefused(ThrowingCallable call, @Nullable String param) {
        assertThatExceptionOfType(GatewayException.class).isThrownBy(call).satisfies(exception -> {
            assertThat(exception.error().code()).isEqualTo(ErrorCode.INVALID_REQUEST);
            assertThat(exception.error().param()).isEqualTo(param);
        });
    }
}
