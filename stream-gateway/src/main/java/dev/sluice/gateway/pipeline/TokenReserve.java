package dev.sluice.gateway.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.generation.TokenEstimator;
import dev.sluice.provider.ChatRequest;

/** How many tokens a request may cost, before a provider has counted them. */
final class TokenReserve {

    /** Nobody is kept from asking for more; it only is not reserved. */
    private static final long MOST = 100_000_000;

    private TokenReserve() {}

    /**
     * Returns the tokens of the prompt, by estimate, and those of the longest answer that the request allows.
     *
     * @param assumedOutput for the answer where the request says no bound
     */
    static long of(ChatRequest chat, long assumedOutput) {
        JsonNode bound = chat.body().path("max_completion_tokens");
        if (!bound.isIntegralNumber()) {
            bound = chat.body().path("max_tokens");
        }
        long output = bound.isIntegralNumber() ? Math.clamp(bound.asLong(), 0, MOST) : assumedOutput;
        return Math.min(MOST, TokenEstimator.estimate(chat.messages()) + output);
    }
}
