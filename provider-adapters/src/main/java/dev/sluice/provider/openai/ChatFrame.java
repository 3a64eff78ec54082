package dev.sluice.provider.openai;

import dev.sluice.stream.Chunk;
import dev.sluice.stream.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one event says, before it is judged. Used again for the next event. */
final class ChatFrame {

    /** Text and reasoning of choice 0, in the order of the JSON. */
    final List<Chunk> deltas = new ArrayList<>(2);

    final List<ToolPiece> toolPieces = new ArrayList<>(0);

    @Nullable
    String id;

    @Nullable
    String model;

    /** Why choice 0 stopped, in the provider's words; empty where it says so little, null where it has not stopped. */
    @Nullable
    String finish;

    @Nullable
    TokenUsage usage;

    boolean hasChoices;
    boolean isError;

    /** Where the text of the last delta begins within the JSON, -1 where that is not known. */
    int textAt = -1;

    void clear() {
        deltas.clear();
        toolPieces.clear();
        id = null;
        model = null;
        finish = null;
        usage = null;
        hasChoices = false;
        isError = false;
        textAt = -1;
    }

    /** Whether this is some text or some reasoning, and nothing else of interest. */
    boolean isOneDelta() {
        boolean silent = usage == null && (finish == null || finish.isEmpty()) && toolPieces.isEmpty();
        return silent && deltas.size() == 1;
    }

    /**
     * A part of a tool call as the provider numbers it.
     *
     * @param index the provider's number, null where it gives none
     * @param id the call's id, null or empty where this part does not tell
     * @param name the function's name, null or empty where this part does not tell
     * @param arguments more of the JSON text, may be empty
     */
    record ToolPiece(
            @Nullable Integer index,
            @Nullable String id,
            @Nullable String name,
            String arguments) {}
}
