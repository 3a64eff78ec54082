package dev.sluice.gateway.dialect.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateway.dialect.Utf8Buffer;

/**
 * A guess at how many tokens a prompt has. Only the provider's tokenizer knows; English text has about four characters a
 * token, and an image of full size costs about as much as is assumed for each here.
 */
public final class TokenEstimate {

    private static final int CHARACTERS_PER_TOKEN = 4;
    private static final int TOKENS_PER_IMAGE = 1_500;

    private TokenEstimate() {}

    /** Returns the JSON body that answers {@code POST /v1/messages/count_tokens}. */
    public static byte[] of(ObjectNode chat) {
        return new Utf8Buffer(32)
                .raw("{\"input_tokens\":")
                .number(tokens(chat))
                .raw("}")
                .toBytes();
    }

    /**
     * Returns the guess.
     *
     * @param chat the fields of a chat completion
     */
    static long tokens(ObjectNode chat) {
        JsonNode tools = chat.path("tools");
        long characters = characters(chat.path("messages"))
                + (tools.isEmpty() ? 0 : tools.toString().length());
        return Math.ceilDiv(characters, CHARACTERS_PER_TOKEN);
    }

    private static long characters(JsonNode node) {
        if (node.has("image_url")) {
            return (long) TOKENS_PER_IMAGE * CHARACTERS_PER_TOKEN;
        }
        long sum = node.isTextual() ? node.textValue().length() : 0;
        for (JsonNode child : node) {
            sum += characters(child);
        }
        return sum;
    }
}
