package dev.sluice.provider.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.provider.ChatRequest;
import dev.sluice.provider.Phase;
import dev.sluice.provider.ProviderFailure;
import dev.sluice.stream.Chunk;
import dev.sluice.stream.FinishReason;
import dev.sluice.stream.TokenUsage;

/**
 * A script laid out as numbered steps: the start, reasoning, text, the pieces of a tool call, usage, the finish. Immutable;
 * each step is made when it is asked for.
 */
final class SimulatedAnswer {

    private final Script script;
    private final String model;
    private final ChatRequest request;
    private final Demonstration text;
    private final int said;
    private final int textStart;
    private final int toolStart;
    private final int usageAt;

    SimulatedAnswer(Script script, String model, ChatRequest request) {
        this.script = script;
        this.model = model;
        this.request = request;
        JsonNode last = request.messages().path(request.messages().size() - 1);
        boolean begun = last.path("role").asText().equals("assistant");
        this.text = Demonstration.of(request.messages().size() - (begun ? 1 : 0));
        this.said = begun ? text.wordsOf(last.path("content").asText()) : 0;
        int textChunks = script.chunks() < 0 ? text.words() : script.chunks();
        this.textStart = 1 + script.reasoning();
        this.toolStart = textStart + Math.max(0, textChunks - said);
        this.usageAt = toolStart + (script.toolCall() ? Demonstration.TOOL_CALL.size() : 0);
    }

    /** Returns the milliseconds between the step before and this one. */
    long delayMs(int position) {
        if (position == 0) {
            return script.firstMs();
        }
        boolean withTheOneBefore = position == 1 || position >= usageAt;
        return withTheOneBefore ? 0 : script.intervalMs();
    }

    /** Returns the step at this position, counted from 0. */
    Step step(int position) {
        if (position == 0) {
            return new Step.Emit(new Chunk.Started("simulated", model));
        }
        if (script.dieAfter() >= 0 && position == textStart + script.dieAfter() && position <= toolStart) {
            Phase phase = position == 1 ? Phase.FIRST_CHUNK : Phase.MID_STREAM;
            return new Step.Fail(new ProviderFailure.Network(phase, "The simulator was told to break the connection."));
        }
        if (script.stallAfter() >= 0 && position == textStart + script.stallAfter() && position <= toolStart) {
            return new Step.Silence();
        }
        if (position >= usageAt) {
            return last(position - usageAt);
        }
        return new Step.Emit(delta(position));
    }

    private Chunk delta(int position) {
        if (position < textStart) {
            return new Chunk.ReasoningDelta(Demonstration.REASONING.word(position - 1));
        }
        if (position < toolStart) {
            return new Chunk.TextDelta(text.word(said + position - textStart));
        }
        return Demonstration.TOOL_CALL.get(position - toolStart);
    }

    private Step last(int past) {
        return switch (past) {
            case 0 -> new Step.Emit(new Chunk.UsageReported(usage()));
            case 1 ->
                new Step.Emit(new Chunk.Finished(script.toolCall() ? FinishReason.TOOL_CALLS : FinishReason.STOP));
            default -> new Step.End();
        };
    }

    private TokenUsage usage() {
        Long reasoning = script.reasoning() == 0 ? null : (long) script.reasoning();
        return new TokenUsage(wordsAsked(), usageAt - 1L, null, reasoning);
    }

    private long wordsAsked() {
        long words = 0;
        for (JsonNode message : request.messages()) {
            JsonNode content = message.path("content");
            words += words(content.asText());
            for (JsonNode part : content) {
                words += words(part.path("text").asText());
            }
        }
        return words;
    }

    private static long words(String text) {
        long words = 0;
        boolean inside = false;
        for (int i = 0; i < text.length(); i++) {
            boolean blank = Character.isWhitespace(text.charAt(i));
            if (!blank && !inside) {
                words++;
            }
            inside = !blank;
        }
        return words;
    }
}
