package dev.sluice.provider;

import dev.sluice.stream.Chunk;
import io.smallrye.mutiny.Multi;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Joins the deltas of an answer until it is complete, and then hands it out whole: started, at most one delta of reasoning, at
 * most one of text, one for each tool call, usage, finished. For one answer, on one thread.
 */
public final class GatheredAnswer {

    /** Of text, reasoning and arguments together: far more than any model says, and still a bound. */
    static final int MAX_CHARACTERS = 8 * 1024 * 1024;

    private final StringBuilder reasoning = new StringBuilder();
    private final StringBuilder text = new StringBuilder();
    private final List<ToolCall> toolCalls = new ArrayList<>(0);
    private Chunk.@Nullable Started started;
    private Chunk.@Nullable UsageReported usage;
    private Chunk.@Nullable Finished finished;
    private int characters;

    private record ToolCall(Chunk.ToolCallDelta first, StringBuilder arguments) {

        Chunk.ToolCallDelta joined() {
            return new Chunk.ToolCallDelta(first.index(), first.id(), first.name(), arguments.toString());
        }
    }

    private GatheredAnswer() {}

    /**
     * Returns the same answer in one piece. It fails as the given one fails, and with {@link ProviderFailure.Malformed} where it
     * grows beyond all measure; cancelling reaches the given one at once.
     */
    public static Multi<Chunk> of(Multi<Chunk> answer) {
        return answer.collect()
                .in(GatheredAnswer::new, GatheredAnswer::add)
                .onItem()
                .transformToMulti(gathered -> Multi.createFrom().iterable(gathered.chunks()));
    }

    private void add(Chunk chunk) {
        switch (chunk) {
            case Chunk.Started start -> started = start;
            case Chunk.TextDelta delta -> append(text, delta.text());
            case Chunk.ReasoningDelta delta -> append(reasoning, delta.text());
            case Chunk.ToolCallDelta delta -> {
                if (delta.index() == toolCalls.size()) {
                    toolCalls.add(new ToolCall(delta, new StringBuilder()));
                }
                append(toolCalls.get(delta.index()).arguments(), delta.arguments());
            }
            case Chunk.UsageReported reported -> usage = reported;
            case Chunk.Finished end -> finished = end;
        }
    }

    private void append(StringBuilder joined, String delta) {
        if (delta.length() > MAX_CHARACTERS - characters) {
            throw new ProviderException(new ProviderFailure.Malformed(
                    "The provider's answer has more than " + MAX_CHARACTERS + " characters."));
        }
        characters += delta.length();
        joined.append(delta);
    }

    private List<Chunk> chunks() {
        List<Chunk> chunks = new ArrayList<>(5 + toolCalls.size());
        addIfPresent(chunks, started);
        if (!reasoning.isEmpty()) {
            chunks.add(new Chunk.ReasoningDelta(reasoning.toString()));
        }
        if (!text.isEmpty()) {
            chunks.add(new Chunk.TextDelta(text.toString()));
        }
        toolCalls.forEach(call -> chunks.add(call.joined()));
        addIfPresent(chunks, usage);
        addIfPresent(chunks, finished);
        return chunks;
    }

    private static void addIfPresent(List<Chunk> chunks, @Nullable Chunk chunk) {
        if (chunk != null) {
            chunks.add(chunk);
        }
    }
}
