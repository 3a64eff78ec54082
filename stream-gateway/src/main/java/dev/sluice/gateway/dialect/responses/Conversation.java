package dev.sluice.gateway.dialect.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateway.generation.GatewayException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Input items as the messages of a chat. Where items have one thing each, a message of the assistant has all of a turn: tool
 * calls join the message before them.
 */
final class Conversation {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Set<String> ROLES = Set.of("user", "assistant", "system", "developer");

    private final EarlierAnswers earlier;
    private final ArrayNode messages = JSON.arrayNode();

    /** The message that a tool call may join; null where the last one is not the assistant's. */
    private @Nullable ObjectNode turn;

    Conversation(EarlierAnswers earlier) {
        this.earlier = earlier;
    }

    ArrayNode messages() {
        return messages;
    }

    void instruct(String text) {
        add("system", JSON.textNode(text));
    }

    void say(JsonNode input) {
        if (input.isTextual()) {
            add("user", input);
        } else if (input.isArray() && !input.isEmpty()) {
            for (int i = 0; i < input.size(); i++) {
                String path = "input[" + i + "]";
                item(Fields.object(input.get(i), path), path);
            }
            if (messages.isEmpty()) {
                throw GatewayException.invalid("input", "input has nothing but reasoning.");
            }
        } else {
            throw GatewayException.invalid("input", "input must be a string or an array with at least one item.");
        }
    }

    private void item(ObjectNode item, String path) {
        String type = item.hasNonNull("type") ? Fields.text(item.get("type"), path + ".type") : "message";
        switch (type) {
            case "message" -> message(item, path);
            case "function_call" ->
                call(
                        Fields.text(item.path("call_id"), path + ".call_id"),
                        Fields.text(item.path("name"), path + ".name"),
                        Fields.text(item.path("arguments"), path + ".arguments"));
            case "function_call_output" -> {
                String callId = Fields.text(item.path("call_id"), path + ".call_id");
                add("tool", content(item.path("output"), path + ".output")).put("tool_call_id", callId);
            }
            case "item_reference" -> refer(Fields.text(item.path("id"), path + ".id"), path);
            // Only the model that thought it could use it, and only in a form that is not shown to anybody.
            case "reasoning" -> {}
            default ->
                throw GatewayException.invalid(
                        path + ".type", path + " is of type " + type + ", which is not supported.");
        }
    }

    private void message(ObjectNode item, String path) {
        String role = Fields.text(item.path("role"), path + ".role");
        if (!ROLES.contains(role)) {
            throw GatewayException.invalid(
                    path + ".role", path + ".role must be one of assistant, developer, system, user.");
        }
        ObjectNode message = add(role, content(item.path("content"), path + ".content"));
        if (role.equals("assistant")) {
            turn = message;
        }
    }

    private void call(String callId, String name, String arguments) {
        ObjectNode joined = turn;
        if (joined == null) {
            joined = add("assistant", JSON.nullNode());
            turn = joined;
        }
        joined.withArray("tool_calls")
                .addObject()
                .put("id", callId)
                .put("type", "function")
                .putObject("function")
                .put("name", name)
                .put("arguments", arguments);
    }

    private void refer(String id, String path) {
        if (id.startsWith("rs_")) {
            return;
        }
        OutputItem item = OutputItem.find(id, earlier)
                .orElseThrow(() -> GatewayException.invalid(
                        path + ".id",
                        path
                                + " refers to an item that is not kept, or not any more. Send the item itself; clients do so"
                                + " where their \"store\" is false."));
        switch (item) {
            case OutputItem.Message message -> turn = add("assistant", JSON.textNode(message.text()));
            case OutputItem.FunctionCall call ->
                call(call.call().id(), call.call().name(), call.call().arguments());
            case OutputItem.Reasoning _ -> {}
        }
    }

    private ObjectNode add(String role, JsonNode content) {
        turn = null;
        ObjectNode message = messages.addObject().put("role", role);
        message.set("content", content);
        return message;
    }

    /** A lone text becomes a string, since not every provider takes parts. */
    private static JsonNode content(JsonNode content, String path) {
        if (content.isTextual()) {
            return content;
        }
        if (!content.isArray()) {
            throw GatewayException.invalid(path, path + " must be a string or an array of parts.");
        }
        ArrayNode parts = JSON.arrayNode();
        for (int i = 0; i < content.size(); i++) {
            String at = path + "[" + i + "]";
            parts.add(part(Fields.object(content.get(i), at), at));
        }
        return parts.size() == 1 && parts.get(0).has("text") ? parts.get(0).get("text") : parts;
    }

    private static ObjectNode part(ObjectNode part, String path) {
        String type = Fields.text(part.path("type"), path + ".type");
        return switch (type) {
            case "input_text", "output_text", "text" ->
                JSON.objectNode().put("type", "text").put("text", Fields.text(part.path("text"), path + ".text"));
            case "refusal" ->
                JSON.objectNode()
                        .put("type", "refusal")
                        .put("refusal", Fields.text(part.path("refusal"), path + ".refusal"));
            case "input_image" -> image(part, path);
            case "input_file" -> file(part, path);
            case "input_audio" ->
                JSON.objectNode()
                        .put("type", type)
                        .set(type, Fields.object(part.path("input_audio"), path + ".input_audio"));
            default ->
                throw GatewayException.invalid(
                        path + ".type", path + " is of type " + type + ", which is not supported.");
        };
    }

    private static ObjectNode image(ObjectNode part, String path) {
        ObjectNode image = JSON.objectNode().put("url", Fields.text(part.path("image_url"), path + ".image_url"));
        if (part.hasNonNull("detail")) {
            image.set("detail", part.get("detail"));
        }
        return JSON.objectNode().put("type", "image_url").set("image_url", image);
    }

    private static ObjectNode file(ObjectNode part, String path) {
        ObjectNode file = JSON.objectNode().put("file_data", Fields.text(part.path("file_data"), path + ".file_data"));
        if (part.hasNonNull("filename")) {
            file.set("filename", part.get("filename"));
        }
        return JSON.objectNode().put("type", "file").set("file", file);
    }
}
