package dev.sluice.stream;

import org.jspecify.annotations.Nullable;

/**
 * Tokens of one answer, as the provider counted them.
 *
 * @param inputTokens of the prompt, cached ones included
 * @param outputTokens of the answer, reasoning included
 * @param cachedTokens the part of {@code inputTokens} that came from a cache, null where the provider does not say
 * @param reasoningTokens the part of {@code outputTokens} spent on thinking, null where the provider does not say
 */
public record TokenUsage(
        long inputTokens,
        long outputTokens,
        @Nullable Long cachedTokens,
        @Nullable Long reasoningTokens) {

    /** Usage of which only the two totals are known. */
    public static TokenUsage of(long inputTokens, long outputTokens) {
        return new TokenUsage(inputTokens, outputTokens, null, null);
    }

    /** Returns input and output together. */
    public long totalTokens() {
        return inputTokens + outputTokens;
    }
}
