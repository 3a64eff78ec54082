package dev.sluice.gateway.dialect.anthropic;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateway.generation.GatewayException;
import java.util.List;

/**
 * A request of the Messages API in the vocabulary of chat completions. What changes nothing for the caller but cost or speed is
 * left out; what the caller would miss in the answer is refused. The streaming guide lists both.
 */
public final class MessagesRequest {

    private static final List<String> SAME = List.of("stream", "temperature", "top_p", "top_k", "sluice");

    /** Budgets of thinking, in tokens, up to which an effort is called low or medium. */
    private static final int LOW_BUDGET = 2_048;

    private static final int MEDIUM_BUDGET = 8_192;

    private MessagesRequest() {}

    /**
     * Translates the body of {@code POST /v1/messages}, which stays as it is. Fields with the same name and meaning in both
     * vocabularies are not checked.
     *
     * @throws GatewayException {@code INVALID_REQUEST} with the path of the field at fault
     */
    public static ObjectNode translate(ObjectNode request) {
        Field body = new Field("", request);
        ObjectNode chat = prompt(request);
        chat.put("max_completion_tokens", body.at("max_tokens").positive());
        for (String name : SAME) {
            if (!body.at(name).absent()) {
                chat.set(name, request.get(name));
            }
        }
        stop(body.at("stop_sequences"), chat);
        Field user = body.at("metadata").at("user_id");
        if (!user.absent()) {
            chat.put("user", user.text());
        }
        effort(body.at("thinking"), body.at("output_config").at("effort"), chat);
        format(body.at("output_config").at("format"), chat);
        if (!body.at("mcp_servers").items().isEmpty()) {
            throw body.at("mcp_servers").wrong("empty: the gateway calls no servers of tools");
        }
        return chat;
    }

    /**
     * Translates what the model would read: the body of {@code POST /v1/messages/count_tokens}.
     *
     * @throws GatewayException {@code INVALID_REQUEST} with the path of the field at fault
     */
    public static ObjectNode prompt(ObjectNode request) {
        Field body = new Field("", request);
        ObjectNode chat = JsonNodeFactory.instance.objectNode();
        if (request.has("model")) {
            chat.set("model", request.get("model"));
        }
        chat.set("messages", Conversation.of(body.at("system"), body.at("messages")));
        ToolFields.translate(body.at("tools"), body.at("tool_choice"), chat);
        return chat;
    }

    private static void stop(Field sequences, ObjectNode chat) {
        if (!sequences.items().isEmpty()) {
            ArrayNode stop = chat.putArray("stop");
            sequences.items().forEach(sequence -> stop.add(sequence.text()));
        }
    }

    /** A budget in tokens has no counterpart, so it becomes the effort that comes next to it. */
    private static void effort(Field thinking, Field effort, ObjectNode chat) {
        boolean thinks = thinking.absent()
                || switch (thinking.at("type").text()) {
                    case "enabled", "adaptive" -> true;
                    case "disabled" -> false;
                    default -> throw thinking.at("type").wrong("enabled, adaptive or disabled");
                };
        if (thinks && !effort.absent()) {
            chat.put("reasoning_effort", effort.text());
        } else if (thinks && thinking.at("type").value().asText().equals("enabled")) {
            int budget = thinking.at("budget_tokens").positive();
            chat.put("reasoning_effort", budget <= LOW_BUDGET ? "low" : budget <= MEDIUM_BUDGET ? "medium" : "high");
        }
    }

    private static void format(Field format, ObjectNode chat) {
        if (format.absent()) {
            return;
        }
        if (!format.at("type").text().equals("json_schema")) {
            throw format.at("type").wrong("json_schema");
        }
        ObjectNode wanted = chat.putObject("response_format").put("type", "json_schema");
        wanted.putObject("json_schema")
                .put("name", "answer")
                .put("strict", true)
                .set("schema", format.at("schema").object());
    }
}
