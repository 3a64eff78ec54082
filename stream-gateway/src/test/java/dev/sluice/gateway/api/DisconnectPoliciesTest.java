package dev.sluice.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.pipeline.DisconnectConfig;
import dev.sluice.gateway.pipeline.DisconnectPolicy;
import dev.sluice.gateway.testing.Configured;
import dev.sluice.provider.ChatRequest;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DisconnectPoliciesTest {

    private final DisconnectPolicies policies = new DisconnectPolicies(Configured.with(
            DisconnectConfig.class,
            Map.of(
                    "sluice.streams.grace", "20s",
                    "sluice.streams.max-grace", "2m",
                    "sluice.streams.drain.max-tokens", "1000",
                    "sluice.streams.drain.max-duration", "5m")));

    @Test
    void givesAStreamGraceAndACompletionNoneWhereNothingIsAsked() {
        assertThat(policies.ofStream(MissingNode.getInstance())).isEqualTo(grace(20));
        assertThat(policies.ofStream(Json.read("null"))).isEqualTo(grace(20));
        assertThat(extension("{}")).isEqualTo(new DisconnectPolicy.Cancel());
        assertThat(policies.ofExtension(ChatRequest.of(JsonNodeFactory.instance.objectNode())))
                .isEqualTo(new DisconnectPolicy.Cancel());
    }

    @Test
    void takesNamesWithTheBoundsOfTheConfiguration() {
        assertThat(stream("\"cancel\"")).isEqualTo(new DisconnectPolicy.Cancel());
        assertThat(stream("\"grace\"")).isEqualTo(grace(20));
        assertThat(stream("\"drain\"")).isEqualTo(drain(1_000, 300));
    }

    @Test
    void takesBounds() {
        assertThat(stream("{\"grace\":{\"seconds\":120}}")).isEqualTo(grace(120));
        assertThat(stream("{\"drain\":{\"tokens\":500,\"seconds\":60}}")).isEqualTo(drain(500, 60));
        assertThat(stream("{\"drain\":{\"tokens\":1}}")).isEqualTo(drain(1, 300));
        assertThat(stream("{\"drain\":{\"seconds\":1}}")).isEqualTo(drain(1_000, 1));
        assertThat(stream("{\"drain\":{}}")).isEqualTo(drain(1_000, 300));
        assertThat(extension("{\"on_disconnect\":{\"grace\":{\"seconds\":1}}}")).isEqualTo(grace(1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    "explode"                         | on_disconnect
                    ""                                | on_disconnect
                    7                                 | on_disconnect
                    true                              | on_disconnect
                    ["grace"]                         | on_disconnect
                    {}                                | on_disconnect
                    {"explode":{}}                    | on_disconnect
                    {"grace":{},"drain":{}}           | on_disconnect
                    {"cancel":{"seconds":1}}          | on_disconnect.cancel.seconds
                    {"grace":15}                      | on_disconnect.grace
                    {"grace":null}                    | on_disconnect.grace
                    {"grace":{"seconds":0}}           | on_disconnect.grace.seconds
                    {"grace":{"seconds":-1}}          | on_disconnect.grace.seconds
                    {"grace":{"seconds":1.5}}         | on_disconnect.grace.seconds
                    {"grace":{"seconds":"15"}}        | on_disconnect.grace.seconds
                    {"grace":{"seconds":null}}        | on_disconnect.grace.seconds
                    {"grace":{"seconds":121}}         | on_disconnect.grace.seconds
                    {"grace":{"seconds":1e99}}        | on_disconnect.grace.seconds
                    {"grace":{"tokens":1}}            | on_disconnect.grace.tokens
                    {"drain":{"tokens":0}}            | on_disconnect.drain.tokens
                    {"drain":{"tokens":1001}}         | on_disconnect.drain.tokens
                    {"drain":{"tokens":99999999999999999999}} | on_disconnect.drain.tokens
                    {"drain":{"seconds":301}}         | on_disconnect.drain.seconds
                    """)
    void refusesAnythingElseAndNamesTheField(String value, String path) {
        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() -> stream(value))
                .satisfies(refused -> {
                    assertThat(refused.error().code()).isEqualTo(ErrorCode.INVALID_REQUEST);
                    assertThat(refused.error().param()).isEqualTo(path);
                });
        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() -> extension("{\"on_disconnect\":" + value + "}"))
                .satisfies(refused -> assertThat(refused.error().param()).isEqualTo("sluice." + path));
    }

    private DisconnectPolicy stream(String value) {
        return policies.ofStream(Json.read(value));
    }

    private DisconnectPolicy extension(String extension) {
        return policies.ofExtension(new ChatRequest(JsonNodeFactory.instance.objectNode(), Json.read(extension)));
    }

    private static DisconnectPolicy grace(int seconds) {
        return new DisconnectPolicy.Grace(Duration.ofSeconds(seconds));
    }

    private static DisconnectPolicy drain(int tokens, int seconds) {
        return new DisconnectPolicy.Drain(tokens, Duration.ofSeconds(seconds));
    }
}
