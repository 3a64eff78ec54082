package dev.sluice.gateway.dialect.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * System prompt and messages as the messages of a chat completion. Results of tools become messages of their own; images in
 * them go into the user's message that follows, the only place where chat completions take images.
 */
final class Conversation {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final ArrayNode chat = JSON.arrayNode();

    private Conversation() {}

    /** Translates; refuses what chat completions cannot say. */
    static ArrayNode of(Field system, Field messages) {
        Conversation conversation = new Conversation();
        if (!system.absent()) {
            conversation.say("system", joined(system));
        }
        List<Field> turns = messages.items();
        if (turns.isEmpty()) {
            throw messages.wrong("an array with at least one message");
        }
        turns.forEach(conversation::turn);
        return conversation.chat;
    }

    private void turn(Field message) {
        message.object();
        Field role = message.at("role");
        Field content = message.at("content");
        switch (role.text()) {
            case "user" -> user(content);
            case "assistant" -> assistant(content);
            case "system" -> say("system", joined(content));
            default -> throw role.wrong("user or assistant");
        }
    }

    private void user(Field content) {
        if (content.value().isTextual()) {
            say("user", content.text());
            return;
        }
        ArrayNode parts = JSON.arrayNode();
        List<Field> blocks = blocks(content);
        if (blocks.isEmpty()) {
            throw content.wrong("a string or an array with at least one block");
        }
        for (Field block : blocks) {
            switch (type(block)) {
                case "text" -> parts.add(textPart(block));
                case "image" -> parts.add(imagePart(block));
                case "tool_result" -> toolResult(block, parts);
                default -> throw block.at("type").wrong("text, image or tool_result in a message of the user");
            }
        }
        if (parts.size() == 1 && parts.get(0).has("text")) {
            // Simple servers take no parts.
            say("user", parts.get(0).get("text").textValue());
        } else if (!parts.isEmpty()) {
            chat.addObject().put("role", "user").set("content", parts);
        }
    }

    private void assistant(Field content) {
        if (content.value().isTextual()) {
            say("assistant", content.text());
            return;
        }
        StringBuilder text = new StringBuilder();
        ArrayNode calls = JSON.arrayNode();
        for (Field block : blocks(content)) {
            switch (type(block)) {
                case "text" -> text.append(block.at("text").text());
                case "tool_use" -> calls.add(toolCall(block));
                // Chat completions have no place for it.
                case "thinking", "redacted_thinking" -> {}
                default -> throw block.at("type").wrong("text, tool_use or thinking in a message of the assistant");
            }
        }
        ObjectNode message = say("assistant", text.toString());
        if (!calls.isEmpty()) {
            if (text.isEmpty()) {
                message.putNull("content");
            }
            message.set("tool_calls", calls);
        }
    }

    private void toolResult(Field block, ArrayNode images) {
        String id = block.at("tool_use_id").text();
        Field content = block.at("content");
        List<String> texts = new ArrayList<>();
        if (content.value().isTextual()) {
            texts.add(content.text());
        } else if (!content.absent()) {
            for (Field part : blocks(content)) {
                switch (type(part)) {
                    case "text" -> texts.add(part.at("text").text());
                    case "image" -> images.add(imagePart(part));
                    default -> throw part.at("type").wrong("text or image in a tool's result");
                }
            }
        }
        say("tool", String.join("\n\n", texts)).put("tool_call_id", id);
    }

    private ObjectNode say(String role, String content) {
        return chat.addObject().put("role", role).put("content", content);
    }

    private static ObjectNode toolCall(Field block) {
        ObjectNode call = JSON.objectNode().put("id", block.at("id").text()).put("type", "function");
        call.putObject("function")
                .put("name", block.at("name").text())
                .put("arguments", block.at("input").object().toString());
        return call;
    }

    private static ObjectNode textPart(Field block) {
        return JSON.objectNode()
                .put("type", "text")
                .put("text", block.at("text").text());
    }

    private static ObjectNode imagePart(Field block) {
        Field source = block.at("source");
        String url = switch (type(source)) {
            case "base64" ->
                "data:" + source.at("media_type").text() + ";base64,"
                        + source.at("data").text();
            case "url" -> source.at("url").text();
            default -> throw source.at("type").wrong("base64 or url");
        };
        ObjectNode part = JSON.objectNode().put("type", "image_url");
        part.putObject("image_url").put("url", url);
        return part;
    }

    /** Text that may be given as a string or as blocks, of which the borders are lost. */
    private static String joined(Field content) {
        if (content.value().isTextual()) {
            return content.text();
        }
        List<String> texts = new ArrayList<>();
        for (Field block : blocks(content)) {
            if (!type(block).equals("text")) {
                throw block.at("type").wrong("text");
            }
            texts.add(block.at("text").text());
        }
        return String.join("\n\n", texts);
    }

    private static List<Field> blocks(Field content) {
        if (!content.value().isArray()) {
            throw content.wrong("a string or an array of blocks");
        }
        return content.items();
    }

    private static String type(Field block) {
        JsonNode _ = block.object();
        return block.at("type").text();
    }
}
