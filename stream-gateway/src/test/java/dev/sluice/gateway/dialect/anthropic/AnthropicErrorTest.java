package dev.sluice.gateway.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AnthropicErrorTest {

    @ParameterizedTest
    @CsvSource({
        "INVALID_REQUEST, 400, invalid_request_error",
        "UNAUTHENTICATED, 401, authentication_error",
        "FORBIDDEN, 403, permission_error",
        "MODEL_NOT_FOUND, 404, not_found_error",
        "METHOD_NOT_ALLOWED, 405, invalid_request_error",
        "CONFLICT, 409, conflict_error",
        "GONE, 410, invalid_request_error",
        "PAYLOAD_TOO_LARGE, 413, request_too_large",
        "UNSUPPORTED_MEDIA_TYPE, 415, invalid_request_error",
        "RATE_LIMIT, 429, rate_limit_error",
        "CANCELLED, 499, api_error",
        "INTERNAL, 500, api_error",
        "PROVIDER_REJECTED, 502, api_error",
        "CIRCUIT_OPEN, 529, overloaded_error",
        "OVERLOADED, 529, overloaded_error",
        "TIMEOUT, 504, timeout_error"
    })
    void hasTheStatusAndTypeThatAnthropicsClientsKnow(ErrorCode code, int status, String type) throws IOException {
        GatewayError error = GatewayError.of(code, "No.");

        assertThat(AnthropicError.status(error)).isEqualTo(status);
        assertThat(json(error).at("/error/type").textValue()).isEqualTo(type);
    }

    /** All attempts are spent: what the last one met tells the client what to do. */
    @Test
    void goesByTheStatusWhereTheCodeSaysTooLittle() throws IOException {
        GatewayError spent = GatewayError.of(ErrorCode.RATE_LIMIT, "Slow down.").asRetriesExceeded(3);

        assertThat(json(spent).at("/error/type").textValue()).isEqualTo("rate_limit_error");
        assertThat(json(spent).at("/error/details/error_code").textValue()).isEqualTo("MAX_RETRIES_EXCEEDED");
    }

    @ParameterizedTest
    @EnumSource
    void everyErrorHasItsWholeForm(ErrorCode code) throws IOException {
        JsonNode body = json(GatewayError.of(code, "No \"such\" thing."));

        assertThat(body.toString())
                .isEqualTo("{\"type\":\"error\",\"error\":{\"type\":" + body.at("/error/type")
                        + ",\"message\":\"No \\\"such\\\" thing.\",\"details\":{\"error_code\":\"" + code
                        + "\"}},\"request_id\":\"req_1\"}");
    }

    private static JsonNode json(GatewayError error) throws IOException {
        return new JsonMapper().readTree(AnthropicError.of(error, "req_1"));
    }
}
