package dev.sluice.gateway.generation;

import dev.sluice.stream.FinishReason;
import dev.sluice.stream.TokenUsage;
import java.time.Duration;
import java.util.List;

/**
 * A whole answer, as its last event tells it.
 *
 * @param text all text deltas joined; cut at the log's bound, see {@code cut}
 * @param cut whether text, reasoning or a tool call's arguments lack their end because the bound was reached
 * @param reasoning all reasoning deltas joined
 * @param toolCalls in order of their indexes
 * @param finishReason why the model stopped
 * @param usage what it cost
 * @param usageEstimated whether {@code usage} is a guess, since the provider gave none
 * @param model the model as the provider names it
 * @param provider the provider's configured name
 * @param attempts how many upstream calls were made
 * @param timeToFirstChunk from acceptance to the first delta
 * @param duration from acceptance to the end
 */
public record Answer(
        String text,
        boolean cut,
        String reasoning,
        List<ToolCall> toolCalls,
        FinishReason finishReason,
        TokenUsage usage,
        boolean usageEstimated,
        String model,
        String provider,
        int attempts,
        Duration timeToFirstChunk,
        Duration duration) {

    public Answer {
        toolCalls = List.copyOf(toolCalls);
    }
}
