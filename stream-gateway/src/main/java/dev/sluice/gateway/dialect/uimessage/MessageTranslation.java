package dev.sluice.gateway.dialect.uimessage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateway.generation.GatewayException;
import org.jspecify.annotations.Nullable;

/**
 * From UI messages to the messages of a chat completion. Parts that no model reads (thinking, sources, data, parts that are
 * not known) are left out, and so are calls of tools that have no result yet, which providers would refuse.
 */
final class MessageTranslation {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String TOOL = "tool-";

    private final ArrayNode translated = NODES.arrayNode();
    private final StringBuilder text = new StringBuilder();
    private ArrayNode calls = NODES.arrayNode();
    private ArrayNode results = NODES.arrayNode();

    private MessageTranslation() {}

    /**
     * Translates the first messages of a chat.
     *
     * @param count how many
     * @throws GatewayException {@code INVALID_REQUEST} with the field at fault
     */
    static ArrayNode of(ArrayNode messages, int count) {
        MessageTranslation translation = new MessageTranslation();
        for (int i = 0; i < count; i++) {
            translation.message(messages.get(i), "messages[" + i + "]");
        }
        return translation.translated;
    }

    private void message(JsonNode message, String path) {
        if (!(message.path("parts") instanceof ArrayNode parts)) {
            throw GatewayException.invalid(path + ".parts", path + ".parts must be an array.");
        }
        switch (message.path("role").asText()) {
            case "system" -> system(parts);
            case "user" -> user(parts, path);
            case "assistant" -> assistant(parts, path);
            default ->
                throw GatewayException.invalid(path + ".role", path + ".role must be one of assistant, system, user.");
        }
    }

    private void system(ArrayNode parts) {
        StringBuilder instructions = new StringBuilder();
        for (JsonNode part : parts) {
            if (type(part).equals("text")) {
                instructions.append(part.path("text").asText());
            }
        }
        if (!instructions.isEmpty()) {
            add("system").put("content", instructions.toString());
        }
    }

    private void user(ArrayNode parts, String path) {
        ArrayNode content = NODES.arrayNode();
        for (int i = 0; i < parts.size(); i++) {
            JsonNode part = parts.get(i);
            switch (type(part)) {
                case "text" ->
                    content.addObject()
                            .put("type", "text")
                            .put("text", part.path("text").asText());
                case "file" -> content.add(file(part, path + ".parts[" + i + "]"));
                default -> {}
            }
        }
        if (content.size() == 1 && type(content.get(0)).equals("text")) {
            add("user").put("content", content.get(0).path("text").textValue());
        } else if (!content.isEmpty()) {
            add("user").set("content", content);
        }
    }

    private static ObjectNode file(JsonNode part, String path) {
        String url = required(part, "url", path);
        ObjectNode translated = NODES.objectNode();
        if (required(part, "mediaType", path).startsWith("image/")) {
            translated.put("type", "image_url").putObject("image_url").put("url", url);
            return translated;
        }
        if (!url.startsWith("data:")) {
            throw GatewayException.invalid(
                    path + ".url", path + ".url must be a data: URL, since only images can be sent by their address.");
        }
        ObjectNode file = translated.put("type", "file").putObject("file");
        file.put("filename", part.path("filename").asText("file")).put("file_data", url);
        return translated;
    }

    /** Each step was an answer of the model by itself. */
    private void assistant(ArrayNode parts, String path) {
        for (int i = 0; i < parts.size(); i++) {
            JsonNode part = parts.get(i);
            String type = type(part);
            if (type.equals("text")) {
                text.append(part.path("text").asText());
            } else if (type.equals("step-start")) {
                endStep();
            } else if (type.equals("dynamic-tool")) {
                call(part, required(part, "toolName", path + ".parts[" + i + "]"), path + ".parts[" + i + "]");
            } else if (type.startsWith(TOOL)) {
                call(part, type.substring(TOOL.length()), path + ".parts[" + i + "]");
            }
        }
        endStep();
    }

    private void call(JsonNode part, String tool, String path) {
        String result = result(part);
        if (result == null) {
            return;
        }
        String id = required(part, "toolCallId", path);
        ObjectNode call = calls.addObject().put("id", id).put("type", "function");
        call.putObject("function").put("name", tool).put("arguments", arguments(part));
        results.addObject().put("role", "tool").put("tool_call_id", id).put("content", result);
    }

    /** Returns what came of a call, null while nothing did. */
    private static @Nullable String result(JsonNode part) {
        return switch (part.path("state").asText()) {
            case "output-available" -> jsonUnlessText(part.path("output"));
            case "output-error" -> part.path("errorText").asText();
            case "output-denied" -> part.path("approval").path("reason").asText("The user did not allow this call.");
            default -> null;
        };
    }

    /** Input that was no JSON comes back as it was, under another name. */
    private static String arguments(JsonNode part) {
        JsonNode input = part.path("input");
        if (input.isMissingNode() || input.isNull()) {
            JsonNode raw = part.path("rawInput");
            return raw.isMissingNode() || raw.isNull() ? "{}" : jsonUnlessText(raw);
        }
        return input.toString();
    }

    private static String jsonUnlessText(JsonNode value) {
        return value.isTextual() ? value.textValue() : value.isMissingNode() ? "null" : value.toString();
    }

    private void endStep() {
        if (!text.isEmpty() || !calls.isEmpty()) {
            ObjectNode message = add("assistant").put("content", text.isEmpty() ? null : text.toString());
            if (!calls.isEmpty()) {
                message.set("tool_calls", calls);
                translated.addAll(results);
            }
        }
        text.setLength(0);
        calls = NODES.arrayNode();
        results = NODES.arrayNode();
    }

    private ObjectNode add(String role) {
        return translated.addObject().put("role", role);
    }

    private static String type(JsonNode part) {
        return part.path("type").asText();
    }

    private static String required(JsonNode part, String field, String path) {
        String value = part.path(field).textValue();
        if (value == null || value.isEmpty()) {
            throw GatewayException.invalid(path + "." + field, path + "." + field + " must be a string.");
        }
        return value;
    }
}
