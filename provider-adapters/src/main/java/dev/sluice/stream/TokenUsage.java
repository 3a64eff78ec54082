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

    /** Returns the sum of two calls. A part that only one of them knows is that one's. */
    public TokenUsage plus(TokenUsage other) {
        return new TokenUsage(
                inputTokens + other.inputTokens,
                outputTokens + other.outputTokens,
                sum(cachedTokens, other.cachedTokens),
                sum(reasoningTokens, other.reasoningTokens));
    }

    private static @Nullable Long sum(@Nullable Long one, @Nullable Long other) {
        return one == null ? other : other == null ? one : Long.valueOf(one + other);
    }

    /** Returns input and output together. */
    public long totalTokens() {
        return inputTokens + outputTokens;
    }
}
