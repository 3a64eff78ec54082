package dev.sluice.gateway.dialect.openai;

import dev.sluice.gateway.dialect.ErrorBody;
import dev.sluice.gateway.dialect.GaplessEncoder;
import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.generation.Answer;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GenerationInfo;
import dev.sluice.gateway.generation.StreamEvent;
import dev.sluice.gateway.generation.StreamEvent.Progress;
import dev.sluice.stream.TokenUsage;
import java.nio.charset.StandardCharsets;

/**
 * One stream as chat completion chunks. What every chunk repeats is encoded once.
 *
 * <p>The order that clients rely on: the role first, then deltas, one chunk with the finish reason, at most one with usage and
 * no choices, {@code [DONE]}. An error is {@code event: error}, then {@code [DONE]}: the only form that all tested clients
 * take for an error.
 */
final class OpenAiEncoder extends GaplessEncoder {

    private static final byte[] DELTA = ascii("\"choices\":[{\"index\":0,\"delta\":{");
    private static final byte[] END_OF_DELTA = ascii("},\"finish_reason\":null}]}\n\n");
    private static final byte[] CONTENT = ascii("\"content\":");
    private static final byte[] DONE = ascii("data: [DONE]\n\n");

    private final byte[] head;
    private final boolean withUsage;

    OpenAiEncoder(GenerationInfo info, boolean withUsage) {
        Utf8Buffer buffer = new Utf8Buffer(160);
        buffer.raw("data: {\"id\":").string("chatcmpl-" + info.key().id().value());
        buffer.raw(",\"object\":\"chat.completion.chunk\",\"created\":")
                .number(info.acceptedAt().getEpochSecond());
        buffer.raw(",\"model\":").string(info.model()).raw(",");
        this.head = buffer.toBytes();
        this.withUsage = withUsage;
    }

    @Override
    protected void append(StreamEvent event, Utf8Buffer out) {
        switch (event) {
            case StreamEvent.Text text ->
                out.raw(head).raw(DELTA).raw(CONTENT).string(text.content()).raw(END_OF_DELTA);
            case StreamEvent.Reasoning reasoning ->
                out.raw(head)
                        .raw(DELTA)
                        .raw("\"reasoning_content\":")
                        .string(reasoning.content())
                        .raw(END_OF_DELTA);
            case StreamEvent.ToolCallPart part -> toolCall(part, out);
            case StreamEvent.Status status -> {
                if (status.progress() == Progress.STREAMING) {
                    out.raw(head)
                            .raw(DELTA)
                            .raw("\"role\":\"assistant\",\"content\":\"\"")
                            .raw(END_OF_DELTA);
                }
            }
            case StreamEvent.Completed completed -> complete(completed.answer(), out);
            case StreamEvent.Failed failed -> error(failed.error(), out);
            case StreamEvent.Reset reset -> error(reset.error(), out);
        }
    }

    private void toolCall(StreamEvent.ToolCallPart part, Utf8Buffer out) {
        out.raw(head).raw(DELTA).raw("\"tool_calls\":[{\"index\":").number(part.index());
        if (part.id() != null) {
            out.raw(",\"id\":").string(part.id()).raw(",\"type\":\"function\"");
        }
        out.raw(",\"function\":{");
        if (part.name() != null) {
            out.raw("\"name\":").string(part.name()).raw(",");
        }
        out.raw("\"arguments\":").string(part.arguments()).raw("}}]").raw(END_OF_DELTA);
    }

    private void complete(Answer answer, Utf8Buffer out) {
        out.raw(head).raw("\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":");
        out.string(answer.finishReason().wireName()).raw("}]}\n\n");
        if (withUsage) {
            out.raw(head).raw("\"choices\":[],\"usage\":");
            usage(answer.usage(), out).raw("}\n\n");
        }
        out.raw(DONE);
    }

    private static void error(GatewayError error, Utf8Buffer out) {
        out.raw("event: error\ndata: ");
        ErrorBody.append(error, out).raw("\n\n").raw(DONE);
    }

    /** Appends OpenAI's usage object. */
    static Utf8Buffer usage(TokenUsage usage, Utf8Buffer out) {
        out.raw("{\"prompt_tokens\":").number(usage.inputTokens());
        out.raw(",\"completion_tokens\":").number(usage.outputTokens());
        out.raw(",\"total_tokens\":").number(usage.totalTokens());
        if (usage.cachedTokens() != null) {
            out.raw(",\"prompt_tokens_details\":{\"cached_tokens\":")
                    .number(usage.cachedTokens())
                    .raw("}");
        }
        if (usage.reasoningTokens() != null) {
            out.raw(",\"completion_tokens_details\":{\"reasoning_tokens\":")
                    .number(usage.reasoningTokens())
                    .raw("}");
        }
        return out.raw("}");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
