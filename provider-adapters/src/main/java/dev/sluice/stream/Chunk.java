package dev.sluice.stream;

import org.jspecify.annotations.Nullable;

/**
 * One normalised piece of an answer.
 *
 * <p>Order within an answer: {@link Started} once and first; then deltas in any mixture; then at most one
 * {@link UsageReported}; then {@link Finished} once and last. An answer that fails ends with a failure in place of
 * {@code Finished}, so whoever sees {@code Finished} has the whole answer.
 */
public sealed interface Chunk {

    /**
     * The provider accepted the request.
     *
     * @param upstreamId the provider's id of the answer, null where it gives none
     * @param model the model as the provider names it, null where it does not say
     */
    record Started(@Nullable String upstreamId, @Nullable String model) implements Chunk {}

    /**
     * More of the answer's text.
     *
     * @param text to be appended; not empty
     */
    record TextDelta(String text) implements Chunk {}

    /**
     * More of the thinking that the provider shows beside the answer.
     *
     * @param text to be appended; not empty
     */
    record ReasoningDelta(String text) implements Chunk {}

    /**
     * More of one tool call.
     *
     * @param index which call of this answer: 0, 1, 2 … without gaps, in order of first appearance
     * @param id the call's id, on the first delta of an index only; null on later ones
     * @param name the function's name, on the first delta of an index only; null on later ones
     * @param arguments more of the arguments' JSON text, to be appended; may be empty
     */
    record ToolCallDelta(
            int index, @Nullable String id, @Nullable String name, String arguments) implements Chunk {}

    /**
     * What the answer cost, as the provider counted it.
     *
     * @param usage totals of the whole answer
     */
    record UsageReported(TokenUsage usage) implements Chunk {}

    /**
     * The answer is complete.
     *
     * @param reason why the model stopped
     */
    record Finished(FinishReason reason) implements Chunk {}
}
