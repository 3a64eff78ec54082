package dev.sluice.gateway.dialect.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateway.generation.GatewayException;

/** Reads fields that must be there. Each method throws {@code INVALID_REQUEST}, which names the field by its path. */
final class Fields {

    private Fields() {}

    static String text(JsonNode value, String path) {
        if (!value.isTextual()) {
            throw GatewayException.invalid(path, path + " must be a string.");
        }
        return value.textValue();
    }

    static ObjectNode object(JsonNode value, String path) {
        if (value instanceof ObjectNode object) {
            return object;
        }
        throw GatewayException.invalid(path, path + " must be an object.");
    }

    static ArrayNode array(JsonNode value, String path) {
        if (value instanceof ArrayNode array) {
            return array;
        }
        throw GatewayException.invalid(path, path + " must be an array.");
    }
}
