package dev.sluice.gateway.dialect.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** The fields of a request that its response repeats, as JSON without the braces. Thread-safe. */
public final class RequestEcho {

    /** What an absent field means. */
    private static final Map<String, JsonNode> DEFAULTS = defaults();

    private final byte[] fields;

    private RequestEcho(byte[] fields) {
        this.fields = fields;
    }

    /** Takes what is to be repeated out of a request's body, which stays as it is. */
    public static RequestEcho of(ObjectNode request) {
        ObjectNode echo = JsonNodeFactory.instance.objectNode();
        DEFAULTS.forEach((name, absent) -> echo.set(name, request.hasNonNull(name) ? request.get(name) : absent));
        String json = echo.toString();
        return new RequestEcho(json.substring(1, json.length() - 1).getBytes(StandardCharsets.UTF_8));
    }

    byte[] fields() {
        return fields;
    }

    private static Map<String, JsonNode> defaults() {
        JsonNodeFactory json = JsonNodeFactory.instance;
        Map<String, JsonNode> defaults = new TreeMap<>();
        for (String name : new String[] {"instructions", "max_output_tokens", "temperature", "top_p", "user"}) {
            defaults.put(name, json.nullNode());
        }
        defaults.put("metadata", json.objectNode());
        defaults.put("parallel_tool_calls", json.booleanNode(true));
        defaults.put("reasoning", json.objectNode().putNull("effort").putNull("summary"));
        defaults.put("text", json.objectNode().set("format", json.objectNode().put("type", "text")));
        defaults.put("tool_choice", json.textNode("auto"));
        defaults.put("tools", json.arrayNode());
        defaults.put("truncation", json.textNode("disabled"));
        return defaults;
    }
}
