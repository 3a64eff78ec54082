package dev.sluice.stream;

/** Why a model stopped, in OpenAI's words. */
public enum FinishReason {
    /** The answer is complete, or a stop sequence was met. */
    STOP("stop"),
    /** The limit of tokens was reached. */
    LENGTH("length"),
    /** The model waits for the results of tool calls. */
    TOOL_CALLS("tool_calls"),
    /** The provider withheld the rest. */
    CONTENT_FILTER("content_filter");

    private final String wireName;

    FinishReason(String wireName) {
        this.wireName = wireName;
    }

    /** Returns the name used in every public format, for example {@code tool_calls}. */
    public String wireName() {
        return wireName;
    }
}
