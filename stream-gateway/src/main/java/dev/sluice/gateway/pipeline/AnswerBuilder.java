package dev.sluice.gateway.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.generation.Answer;
import dev.sluice.gateway.generation.ChunkGaps;
import dev.sluice.gateway.generation.Milestone.Figures;
import dev.sluice.gateway.generation.StreamEvent;
import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.generation.TokenEstimator;
import dev.sluice.gateway.generation.ToolCall;
import dev.sluice.stream.Chunk;
import dev.sluice.stream.FinishReason;
import dev.sluice.stream.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gathers one answer. Its figures are those of what the provider sent; its text and events are those of what the transforms
 * left of it. For one thread.
 */
final class AnswerBuilder {

    private final JsonNode prompt;
    private final long maxCharacters;
    private final long startedNanos;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final List<ToolCallBuilder> toolCalls = new ArrayList<>();
    private final TokenEstimator tokens = new TokenEstimator();
    private final ChunkGaps.Recorder gaps = new ChunkGaps.Recorder();
    private boolean textCut;
    private boolean reasoningCut;
    private int textEvents;
    private int reasoningEvents;
    private int chunks;
    private long textBytes;
    private long promptTokens = -1;
    private long sentBackTokens;
    private long tokensBefore;
    private long firstNanos;
    private long lastNanos;
    private @Nullable String responseModel;
    private @Nullable TokenUsage earlier;
    private @Nullable TokenUsage usage;
    private @Nullable FinishReason finishReason;

    /**
     * @param prompt what was asked, to guess its tokens where the provider does not count
     * @param maxCharacters of text that are gathered for the last event; deltas beyond still become events
     */
    AnswerBuilder(JsonNode prompt, long maxCharacters, long startedNanos) {
        this.prompt = prompt;
        this.maxCharacters = maxCharacters;
        this.startedNanos = startedNanos;
        this.lastNanos = startedNanos;
    }

    boolean committed() {
        return chunks > 0;
    }

    int chunks() {
        return chunks;
    }

    /** Returns how many bytes of UTF-8 all deltas have. */
    long textBytes() {
        return textBytes;
    }

    /** Returns how many tokens all deltas have, by estimate. */
    long outputTokens() {
        return tokens.tokens();
    }

    @Nullable
    FinishReason finishReason() {
        return finishReason;
    }

    void started(Chunk.Started started) {
        responseModel = started.model();
    }

    void usage(TokenUsage reported) {
        usage = reported;
    }

    /**
     * The call that gave what came so far has ended; the next one goes on.
     *
     * @param soFar what the next call is sent besides the prompt
     */
    void continued(String soFar) {
        earlier = withEarlier(estimateOfPart());
        usage = null;
        tokensBefore = tokens.tokens();
        sentBackTokens = TokenEstimator.estimate(soFar);
    }

    void finished(FinishReason reason) {
        finishReason = reason;
    }

    StreamEvent text(String delta) {
        textCut = gather(text, delta, textCut);
        return new StreamEvent.Text(delta, textEvents++);
    }

    StreamEvent reasoning(String delta) {
        reasoningCut = gather(reasoning, delta, reasoningCut);
        return new StreamEvent.Reasoning(delta, reasoningEvents++);
    }

    StreamEvent toolCall(Chunk.ToolCallDelta delta) {
        if (delta.index() == toolCalls.size()) {
            toolCalls.add(new ToolCallBuilder(orEmpty(delta.id()), orEmpty(delta.name())));
        }
        ToolCallBuilder call = toolCalls.get(delta.index());
        call.cut = gather(call.arguments, delta.arguments(), call.cut);
        return new StreamEvent.ToolCallPart(delta.index(), delta.id(), delta.name(), delta.arguments());
    }

    Answer build(Target target, int attempts, FinishReason reason, long nowNanos) {
        return new Answer(
                text.toString(),
                cut(),
                reasoning.toString(),
                toolCalls.stream().map(ToolCallBuilder::build).toList(),
                reason,
                withEarlier(usage == null ? estimate() : usage),
                usage == null || earlier != null,
                responseModel == null ? target.model() : responseModel,
                target.endpoint().name(),
                attempts,
                Duration.ofNanos(committed() ? firstNanos - startedNanos : nowNanos - startedNanos),
                Duration.ofNanos(nowNanos - startedNanos));
    }

    Figures figures(@Nullable Target target, int attempts, long nowNanos) {
        boolean estimated = committed() && (usage == null || finishReason == null || earlier != null);
        return new Figures(
                target,
                responseModel,
                attempts,
                estimated ? withEarlier(estimateOfLast()) : usage,
                estimated,
                chunks,
                textBytes,
                committed() ? timeToFirstChunk() : null,
                Duration.ofNanos(nowNanos - startedNanos),
                gaps.snapshot());
    }

    /** Returns when the last delta came; before the first, when all began. */
    long lastDeltaNanos() {
        return lastNanos;
    }

    Duration timeToFirstChunk() {
        return Duration.ofNanos(firstNanos - startedNanos);
    }

    /** Counts a delta that the provider sent. */
    void received(String delta, long nowNanos) {
        if (chunks++ == 0) {
            firstNanos = nowNanos;
        } else {
            gaps.record(nowNanos - lastNanos);
        }
        lastNanos = nowNanos;
        textBytes += utf8Length(delta);
        tokens.add(delta);
    }

    /** Once something did not fit, nothing follows: what is gathered is a beginning, without holes. */
    private boolean gather(StringBuilder into, String delta, boolean cut) {
        if (cut || into.length() + delta.length() > maxCharacters) {
            return true;
        }
        into.append(delta);
        return false;
    }

    private boolean cut() {
        return textCut || reasoningCut || toolCalls.stream().anyMatch(call -> call.cut);
    }

    private static long utf8Length(String text) {
        long length = text.length();
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character >= 0x80) {
                // A surrogate is half of four bytes.
                length += character < 0x800 || Character.isSurrogate(character) ? 1 : 2;
            }
        }
        return length;
    }

    private TokenUsage estimate() {
        return TokenUsage.of(promptTokens() + sentBackTokens, outputTokens() - tokensBefore);
    }

    private TokenUsage withEarlier(TokenUsage last) {
        return earlier == null ? last : earlier.plus(last);
    }

    /** Returns how many tokens the prompt has, by estimate. */
    long promptTokens() {
        if (promptTokens < 0) {
            promptTokens = TokenEstimator.estimate(prompt);
        }
        return promptTokens;
    }

    /** What the last call cost: what it reported at its end, otherwise a guess. */
    private TokenUsage estimateOfLast() {
        TokenUsage reported = usage;
        if (reported != null && finishReason != null) {
            return reported;
        }
        boolean refused = earlier != null && reported == null && outputTokens() == tokensBefore;
        return refused ? TokenUsage.of(0, 0) : estimateOfPart();
    }

    /** What a provider reports before the end of its answer counts only what came until then. */
    private TokenUsage estimateOfPart() {
        TokenUsage reported = usage;
        return reported == null
                ? estimate()
                : new TokenUsage(
                        reported.inputTokens(),
                        Math.max(reported.outputTokens(), outputTokens() - tokensBefore),
                        reported.cachedTokens(),
                        reported.reasoningTokens());
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static final class ToolCallBuilder {

        private final String id;
        private final String name;
        private final StringBuilder arguments = new StringBuilder();
        private boolean cut;

        ToolCallBuilder(String id, String name) {
            this.id = id;
            this.name = name;
        }

        ToolCall build() {
            return new ToolCall(id, name, arguments.toString());
        }
    }
}
