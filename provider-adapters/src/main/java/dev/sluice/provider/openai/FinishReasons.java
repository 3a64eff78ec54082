package dev.sluice.provider.openai;

import dev.sluice.stream.FinishReason;
import org.jspecify.annotations.Nullable;

/** What the many words for an end mean. */
final class FinishReasons {

    private FinishReasons() {}

    /** Whether this is a server's way to say that it failed. */
    static boolean isFailure(String theirs) {
        return theirs.equals("error") || theirs.equals("insufficient_system_resource");
    }

    /** Returns our reason. An unknown word is an end like any other; some servers say {@code stop} for tool calls, too. */
    static FinishReason of(@Nullable String theirs, boolean toolsCalled) {
        return switch (theirs == null ? "" : theirs) {
            case "length", "model_length", "max_tokens" -> FinishReason.LENGTH;
            case "content_filter" -> FinishReason.CONTENT_FILTER;
            case "tool_calls", "function_call" -> FinishReason.TOOL_CALLS;
            default -> toolsCalled ? FinishReason.TOOL_CALLS : FinishReason.STOP;
        };
    }
}
