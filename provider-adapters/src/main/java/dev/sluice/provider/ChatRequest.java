package dev.sluice.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a caller asks, in the vocabulary of OpenAI's chat completions. An adapter of another protocol translates it.
 *
 * <p>Neither node may be changed after construction: attempts on several targets share them.
 *
 * @param body the caller's fields, unknown ones included, but without {@code model}, {@code stream},
 *     {@code stream_options} and without the fields that are Sluice's own. {@code messages} is a non-empty array of objects
 * @param extension what the caller put under {@code sluice}, a missing node where nothing
 */
public record ChatRequest(ObjectNode body, JsonNode extension) {

    /** A request without an extension. */
    public static ChatRequest of(ObjectNode body) {
        return new ChatRequest(body, MissingNode.getInstance());
    }

    /** Returns the conversation so far, a non-empty array. */
    public JsonNode messages() {
        return body.path("messages");
    }

    /** Tells no more than the size, since the content is private. */
    @Override
    public String toString() {
        return "ChatRequest[" + messages().size() + " messages]";
    }
}
