package dev.sluice.gateway.dialect.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateway.generation.GatewayException;
import java.util.List;

/**
 * A request of the Responses API in the vocabulary of chat completions. Fields that both share, and fields that nobody here
 * knows, stay as they are; what has no counterpart and changes nothing is left out; what the caller would miss is refused.
 */
public final class ChatFields {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static final List<String> REPLACED =
            List.of("input", "instructions", "max_output_tokens", "reasoning", "text", "tools", "tool_choice");
    private static final List<String> WITHOUT_COUNTERPART = List.of(
            "background",
            "context_management",
            "conversation",
            "include",
            "max_tool_calls",
            "previous_response_id",
            "prompt",
            "store",
            "stream_options",
            "top_logprobs",
            "truncation");
    private static final List<String> STORED_ELSEWHERE = List.of("previous_response_id", "conversation", "prompt");

    private ChatFields() {}

    /**
     * Translates the body of {@code POST /v1/responses}, which stays as it is. Fields with the same name and meaning in both
     * vocabularies are not checked.
     *
     * @param earlier what items that are referred to were
     * @throws GatewayException {@code INVALID_REQUEST} with the field at fault
     */
    public static ObjectNode of(ObjectNode request, EarlierAnswers earlier) {
        refuseWhatNeedsAStore(request);
        ObjectNode chat = JSON.objectNode();
        chat.setAll(request);
        chat.remove(REPLACED);
        chat.remove(WITHOUT_COUNTERPART);
        chat.set("messages", messages(request, earlier));
        maxTokens(request.path("max_output_tokens"), chat);
        reasoning(request.path("reasoning"), chat);
        text(request.path("text"), chat);
        tools(request.path("tools"), chat);
        toolChoice(request.path("tool_choice"), chat);
        if (!chat.has("tools")) {
            // Without tools they mean nothing; there, some providers refuse them in a chat.
            chat.remove(List.of("tool_choice", "parallel_tool_calls"));
        }
        return chat;
    }

    private static void refuseWhatNeedsAStore(ObjectNode request) {
        for (String name : STORED_ELSEWHERE) {
            if (request.hasNonNull(name)) {
                throw GatewayException.invalid(
                        name, name + " is not supported: responses are not stored here. Send the whole input.");
            }
        }
        if (request.path("background").asBoolean(false)) {
            throw GatewayException.invalid(
                    "background",
                    "background is not supported. Start the answer with POST /v1/streams and read it later.");
        }
    }

    private static ArrayNode messages(ObjectNode request, EarlierAnswers earlier) {
        Conversation conversation = new Conversation(earlier);
        JsonNode instructions = request.path("instructions");
        if (present(instructions)) {
            conversation.instruct(Fields.text(instructions, "instructions"));
        }
        conversation.say(request.path("input"));
        return conversation.messages();
    }

    private static void maxTokens(JsonNode limit, ObjectNode chat) {
        if (present(limit)) {
            if (!limit.isIntegralNumber() || !limit.canConvertToInt() || limit.intValue() <= 0) {
                throw GatewayException.invalid(
                        "max_output_tokens", "max_output_tokens must be a whole number above 0.");
            }
            chat.set("max_completion_tokens", limit);
        }
    }

    private static void reasoning(JsonNode reasoning, ObjectNode chat) {
        if (present(reasoning)) {
            JsonNode effort = Fields.object(reasoning, "reasoning").path("effort");
            if (present(effort)) {
                chat.put("reasoning_effort", Fields.text(effort, "reasoning.effort"));
            }
        }
    }

    private static void text(JsonNode text, ObjectNode chat) {
        if (!present(text)) {
            return;
        }
        JsonNode verbosity = Fields.object(text, "text").path("verbosity");
        if (present(verbosity)) {
            chat.put("verbosity", Fields.text(verbosity, "text.verbosity"));
        }
        JsonNode format = text.path("format");
        if (present(format)) {
            String type = Fields.text(Fields.object(format, "text.format").path("type"), "text.format.type");
            switch (type) {
                case "text" -> {}
                case "json_object" ->
                    chat.set("response_format", JSON.objectNode().put("type", type));
                case "json_schema" -> {
                    ObjectNode schema = JSON.objectNode();
                    schema.put("name", Fields.text(format.path("name"), "text.format.name"));
                    copy(format, schema, "description", "schema", "strict");
                    chat.set(
                            "response_format",
                            JSON.objectNode().put("type", type).set("json_schema", schema));
                }
                default ->
                    throw GatewayException.invalid(
                            "text.format.type", "text.format.type must be one of json_object, json_schema, text.");
            }
        }
    }

    private static void tools(JsonNode tools, ObjectNode chat) {
        if (!present(tools)) {
            return;
        }
        ArrayNode translated = JSON.arrayNode();
        for (int i = 0; i < Fields.array(tools, "tools").size(); i++) {
            String path = "tools[" + i + "]";
            ObjectNode tool = Fields.object(tools.get(i), path);
            String type = Fields.text(tool.path("type"), path + ".type");
            if (!type.equals("function")) {
                throw GatewayException.invalid(
                        path + ".type",
                        path + " is of type " + type + ", which is not supported: only function tools can be used.");
            }
            translated.add(JSON.objectNode().put("type", type).set("function", function(tool, path)));
        }
        if (!translated.isEmpty()) {
            chat.set("tools", translated);
        }
    }

    private static ObjectNode function(ObjectNode tool, String path) {
        ObjectNode function = JSON.objectNode();
        function.put("name", Fields.text(tool.path("name"), path + ".name"));
        copy(tool, function, "description", "parameters", "strict");
        return function;
    }

    private static void toolChoice(JsonNode choice, ObjectNode chat) {
        if (!present(choice)) {
            return;
        }
        if (choice.isTextual()) {
            chat.set("tool_choice", choice);
        } else if (choice.path("type").asText().equals("function")) {
            String name = Fields.text(choice.path("name"), "tool_choice.name");
            chat.set(
                    "tool_choice",
                    JSON.objectNode()
                            .put("type", "function")
                            .set("function", JSON.objectNode().put("name", name)));
        } else {
            throw GatewayException.invalid(
                    "tool_choice", "tool_choice must be none, auto, required, or an object that names a function.");
        }
    }

    private static void copy(JsonNode from, ObjectNode to, String... names) {
        for (String name : names) {
            if (from.hasNonNull(name)) {
                to.set(name, from.get(name));
            }
        }
    }

    private static boolean present(JsonNode value) {
        return !value.isMissingNode() && !value.isNull();
    }
}
