package dev.sluice.gateway.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateway.generation.GatewayException;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What the fields of a chat completion may be, after OpenAI's published schema. A null counts as absent. Ranges that differ
 * between providers are left to them.
 */
final class FieldRules {

    private static final Set<String> ROLES = Set.of("developer", "system", "user", "assistant", "tool", "function");

    private record Rule(Predicate<JsonNode> holds, String mustBe) {}

    private static final Rule BOOLEAN = new Rule(JsonNode::isBoolean, "true or false");
    private static final Rule OBJECT = new Rule(JsonNode::isObject, "an object");
    private static final Rule ARRAY = new Rule(JsonNode::isArray, "an array");
    private static final Rule NUMBER = new Rule(JsonNode::isNumber, "a number");
    private static final Rule POSITIVE = new Rule(
            value -> value.isIntegralNumber() && value.canConvertToInt() && value.intValue() > 0,
            "a whole number above 0");

    private static final Map<String, Rule> RULES = Map.ofEntries(
            Map.entry("stream", BOOLEAN),
            Map.entry("stream_options", OBJECT),
            Map.entry("sluice", OBJECT),
            Map.entry("max_tokens", POSITIVE),
            Map.entry("max_completion_tokens", POSITIVE),
            Map.entry("temperature", new Rule(value -> within(value, 0, 2), "a number from 0 to 2")),
            Map.entry("top_p", new Rule(value -> within(value, 0, 1), "a number from 0 to 1")),
            Map.entry("presence_penalty", new Rule(value -> within(value, -2, 2), "a number from -2 to 2")),
            Map.entry("frequency_penalty", new Rule(value -> within(value, -2, 2), "a number from -2 to 2")),
            Map.entry(
                    "n",
                    new Rule(
                            value -> value.isIntegralNumber() && value.canConvertToInt() && value.intValue() == 1,
                            "1")),
            Map.entry("seed", new Rule(JsonNode::isIntegralNumber, "a whole number")),
            Map.entry("logprobs", BOOLEAN),
            Map.entry("top_logprobs", NUMBER),
            Map.entry("logit_bias", OBJECT),
            Map.entry("stop", new Rule(FieldRules::stop, "a string or an array of strings")),
            Map.entry("tools", ARRAY),
            Map.entry("tool_choice", new Rule(value -> value.isTextual() || value.isObject(), "a string or an object")),
            Map.entry("parallel_tool_calls", BOOLEAN),
            Map.entry("response_format", OBJECT),
            Map.entry("metadata", OBJECT),
            Map.entry("user", new Rule(JsonNode::isTextual, "a string")));

    private FieldRules() {}

    /**
     * Checks every field that is known.
     *
     * @throws GatewayException {@code INVALID_REQUEST} with the first field at fault
     */
    static void check(ObjectNode fields) {
        messages(fields.path("messages"));
        fields.properties().forEach(field -> {
            Rule rule = RULES.get(field.getKey());
            if (rule != null && !field.getValue().isNull() && !rule.holds().test(field.getValue())) {
                throw GatewayException.invalid(field.getKey(), field.getKey() + " must be " + rule.mustBe() + ".");
            }
        });
    }

    private static void messages(JsonNode messages) {
        if (!messages.isArray() || messages.isEmpty()) {
            throw GatewayException.invalid("messages", "messages must be an array with at least one message.");
        }
        for (int i = 0; i < messages.size(); i++) {
            String path = "messages[" + i + "]";
            JsonNode message = messages.get(i);
            if (!message.isObject()) {
                throw GatewayException.invalid(path, path + " must be an object.");
            }
            if (!message.path("role").isTextual()
                    || !ROLES.contains(message.path("role").textValue())) {
                throw GatewayException.invalid(
                        path + ".role",
                        path + ".role must be one of "
                                + String.join(", ", ROLES.stream().sorted().toList()) + ".");
            }
            JsonNode content = message.path("content");
            boolean mayLackContent = "assistant".equals(message.path("role").textValue());
            if (!(content.isTextual()
                    || content.isArray()
                    || (mayLackContent && (content.isMissingNode() || content.isNull())))) {
                throw GatewayException.invalid(
                        path + ".content", path + ".content must be a string or an array of parts.");
            }
        }
    }

    private static boolean within(JsonNode value, double least, double most) {
        return value.isNumber() && value.doubleValue() >= least && value.doubleValue() <= most;
    }

    private static boolean stop(JsonNode value) {
        if (value.isTextual()) {
            return true;
        }
        if (!value.isArray()) {
            return false;
        }
        for (JsonNode element : value) {
            if (!element.isTextual()) {
                return false;
            }
        }
        return true;
    }
}
