package dev.sluice.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The beginning of an answer that broke off, for another call to go on after.
 *
 * @param text as the model wrote it, not blank; never ends with half a character
 * @param tokens that it cost, by estimate
 */
public record Beginning(String text, long tokens) {

    private static final List<String> LIMITS = List.of("max_tokens", "max_completion_tokens");

    private static final String GO_ON = """
            Your answer was cut off by a lost connection. Go on exactly after its last character, in the middle of a word \
            where it stops there, and with a blank or a line break first where one is due. Repeat nothing of it, and do not \
            mention the interruption.""";

    /**
     * Returns the request for the rest: the beginning as the assistant's last message, and the limits of tokens less what it
     * cost. This alone is right for a protocol that lets a model go on after its own words.
     */
    public ChatRequest asPrefill(ChatRequest request) {
        ObjectNode body = request.body().objectNode().setAll(request.body());
        ArrayNode messages = body.putArray("messages");
        request.messages().forEach(messages::add);
        messages.addObject().put("role", "assistant").put("content", text);
        LIMITS.forEach(limit -> lower(body, limit));
        return new ChatRequest(body, request.extension());
    }

    /** The same, and a further message that asks the model to go on, for protocols that take any request as a new turn. */
    public ChatRequest asTurn(ChatRequest request) {
        ChatRequest prefilled = asPrefill(request);
        ((ArrayNode) prefilled.messages()).addObject().put("role", "user").put("content", GO_ON);
        return prefilled;
    }

    private void lower(ObjectNode body, String limit) {
        JsonNode value = body.path(limit);
        if (value.isIntegralNumber()) {
            body.put(limit, Math.max(1, value.longValue() - tokens));
        }
    }

    /** Tells no more than the size, since the content is private. */
    @Override
    public String toString() {
        return "Beginning[" + text.length() + " characters]";
    }
}
