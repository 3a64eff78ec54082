package dev.sluice.gateway.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.pipeline.OnInterrupt;

/** Reads what a caller wants to become of an answer that breaks off: {@code fail} or {@code continue}. */
final class InterruptField {

    static final String NAME = "on_interrupt";

    private InterruptField() {}

    /**
     * Reads the field, whose place in the request is {@code path}.
     *
     * @param responseFormat the request's, since a document in JSON cannot be asked for by halves
     * @throws GatewayException {@code INVALID_REQUEST} with the path
     */
    static OnInterrupt read(String path, JsonNode value, JsonNode responseFormat) {
        if (value.isMissingNode() || value.isNull()) {
            return OnInterrupt.FAIL;
        }
        return switch (value.asText()) {
            case "fail" -> OnInterrupt.FAIL;
            case "continue" -> {
                if (!responseFormat.path("type").asText("text").equals("text")) {
                    throw GatewayException.invalid(
                            path, path + " cannot be \"continue\" where response_format asks for more than text.");
                }
                yield OnInterrupt.CONTINUE;
            }
            default -> throw GatewayException.invalid(path, path + " must be \"fail\" or \"continue\".");
        };
    }
}
