package dev.sluice.gateway.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.provider.Phase;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorBodyTest {

    @ParameterizedTest
    @EnumSource
    void hasAllFourKeysOfEveryCode(ErrorCode code) throws IOException {
        JsonNode body = json(GatewayError.of(code, "Say \"no\"."));

        assertThat(body.size()).isEqualTo(1);
        JsonNode error = body.path("error");
        assertThat(error.properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("message", "type", "param", "code");
        assertThat(error.path("message").textValue()).isEqualTo("Say \"no\".");
        assertThat(error.path("type").textValue()).isEqualTo(code.type());
        assertThat(error.path("param").isNull()).isTrue();
        assertThat(error.path("code").textValue()).isEqualTo(code.name());
    }

    @Test
    void namesTheFieldAtFault() throws IOException {
        assertThat(json(GatewayError.invalid("top_p", "No.")).at("/error/param").textValue())
                .isEqualTo("top_p");
    }

    @Test
    void tellsWhichClockRanOut() throws IOException {
        GatewayError error = GatewayError.of(ErrorCode.TIMEOUT, "Late.").withPhase(Phase.FIRST_CHUNK);

        assertThat(json(error).at("/error/phase").textValue()).isEqualTo("first_chunk");
    }

    private static JsonNode json(GatewayError error) throws IOException {
        return new JsonMapper().readTree(ErrorBody.of(error));
    }
}
