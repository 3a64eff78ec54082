package dev.sluice.gateway.dialect.uimessage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateway.generation.GatewayException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a chat of the AI SDK asks for.
 *
 * @param chatId the client's name for the chat
 * @param continuedMessage the id of the assistant's message that the answer continues, null where it is a new one
 * @param chat the same as fields of a chat completion; has a model only where the client named one
 */
public record UiMessageRequest(String chatId, @Nullable String continuedMessage, ObjectNode chat) {

    private static final int MAX_ID_LENGTH = 128;
    private static final String REGENERATE = "regenerate-message";

    /**
     * Reads a body, whose fields then belong to the request. What an application adds to it counts as a field of a chat
     * completion.
     *
     * @throws GatewayException {@code INVALID_REQUEST} with the field at fault
     */
    public static UiMessageRequest read(ObjectNode body) {
        String chatId = chatId(body.path("id"));
        if (!(body.path("messages") instanceof ArrayNode messages) || messages.isEmpty()) {
            throw GatewayException.invalid("messages", "messages must be an array with at least one message.");
        }
        String messageId = body.path("messageId").textValue();
        boolean regenerate = REGENERATE.equals(body.path("trigger").textValue());
        int count = regenerate ? before(messageId, messages) : messages.size();
        body.set("messages", MessageTranslation.of(messages, count));
        body.remove(List.of("id", "trigger", "messageId"));
        return new UiMessageRequest(chatId, regenerate ? null : continued(messageId, messages), body);
    }

    /** Whether a text may name a chat. Clients take dots alone in an address for a way through it, however they are encoded. */
    private static boolean nameable(String id) {
        return !id.isEmpty()
                && id.length() <= MAX_ID_LENGTH
                && !id.equals(".")
                && !id.equals("..")
                && id.chars().noneMatch(character -> Character.isISOControl(character));
    }

    private static String chatId(JsonNode id) {
        if (!id.isTextual() || !nameable(id.textValue())) {
            throw GatewayException.invalid(
                    "id",
                    "id must name the chat: 1 to " + MAX_ID_LENGTH
                            + " characters without control characters, and neither \".\" nor \"..\".");
        }
        return id.textValue();
    }

    /** How many messages come before the one that is to be answered anew. Most clients have cut it off already. */
    private static int before(@Nullable String messageId, ArrayNode messages) {
        int last = messages.size() - 1;
        for (int i = last; i >= 0; i--) {
            boolean named = messageId == null ? i == last : messageId.equals(id(messages.get(i)));
            if (named && byAssistant(messages.get(i))) {
                return i;
            }
        }
        return messages.size();
    }

    /** A client that sends results of tools wants the answer in the message that called them. */
    private static @Nullable String continued(@Nullable String messageId, ArrayNode messages) {
        for (JsonNode message : messages) {
            if (messageId != null && messageId.equals(id(message)) && byAssistant(message)) {
                return messageId;
            }
        }
        JsonNode last = messages.get(messages.size() - 1);
        return byAssistant(last) ? id(last) : null;
    }

    private static @Nullable String id(JsonNode message) {
        return message.path("id").textValue();
    }

    private static boolean byAssistant(JsonNode message) {
        return "assistant".equals(message.path("role").textValue());
    }
}
