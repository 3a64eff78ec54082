package dev.sluice.gateway.dialect.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.generation.TokenEstimator;

/** A guess at how many tokens a prompt has, its tools included. Only the provider's tokenizer knows. */
public final class TokenEstimate {

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
        return TokenEstimator.estimate(chat.path("messages"))
                + (tools.isEmpty() ? 0 : TokenEstimator.estimate(tools.toString()));
    }
}
