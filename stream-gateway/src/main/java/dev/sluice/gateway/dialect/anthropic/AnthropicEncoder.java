package dev.sluice.gateway.dialect.anthropic;

import dev.sluice.gateway.dialect.GaplessEncoder;
import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.generation.Answer;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GenerationInfo;
import dev.sluice.gateway.generation.StreamEvent;
import dev.sluice.gateway.generation.StreamEvent.Progress;
import java.nio.charset.StandardCharsets;

/**
 * One stream as Anthropic's events. Every frame names its event twice, since the official clients go by the {@code event} line
 * and others by {@code type}.
 *
 * <p>One content block is open at a time. Text, thinking and each tool call have blocks of their own, in the order in which
 * they come. What the prompt cost is known at the end only, so {@code message_start} counts zero and {@code message_delta}
 * has the true figures, which clients let win.
 */
final class AnthropicEncoder extends GaplessEncoder {

    private static final byte[] BLOCK_START =
            ascii("event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":");
    private static final byte[] BLOCK_DELTA =
            ascii("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":");
    private static final byte[] BLOCK_STOP =
            ascii("event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":");
    private static final byte[] TEXT = ascii(",\"delta\":{\"type\":\"text_delta\",\"text\":");
    private static final byte[] THINKING = ascii(",\"delta\":{\"type\":\"thinking_delta\",\"thinking\":");
    private static final byte[] INPUT_JSON = ascii(",\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":");
    private static final byte[] END_OF_BLOCK_FRAME = ascii("}}\n\n");

    private enum Block {
        NONE,
        TEXT,
        THINKING,
        TOOL_USE
    }

    private final GenerationInfo info;
    private Block open = Block.NONE;
    private int blocks;
    private int calls;

    AnthropicEncoder(GenerationInfo info) {
        this.info = info;
    }

    @Override
    protected void append(StreamEvent event, Utf8Buffer out) {
        switch (event) {
            case StreamEvent.Status status -> {
                if (status.progress() == Progress.STREAMING) {
                    start(out);
                }
            }
            case StreamEvent.Text text -> {
                if (open != Block.TEXT) {
                    open(Block.TEXT, out)
                            .raw("{\"type\":\"text\",\"text\":\"\"")
                            .raw(END_OF_BLOCK_FRAME);
                }
                delta(TEXT, text.content(), out);
            }
            case StreamEvent.Reasoning reasoning -> {
                if (open != Block.THINKING) {
                    open(Block.THINKING, out)
                            .raw("{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"")
                            .raw(END_OF_BLOCK_FRAME);
                }
                delta(THINKING, reasoning.content(), out);
            }
            case StreamEvent.ToolCallPart part -> toolCall(part, out);
            case StreamEvent.Completed completed -> complete(completed.answer(), out);
            case StreamEvent.Failed failed -> error(failed.error(), out);
            case StreamEvent.Reset reset -> error(reset.error(), out);
        }
    }

    private void start(Utf8Buffer out) {
        out.raw("event: message_start\ndata: {\"type\":\"message_start\",\"message\":");
        AnthropicMessage.open(info, out).raw("],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{");
        out.raw("\"input_tokens\":0,\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0,");
        out.raw("\"output_tokens\":0}}}\n\n");
    }

    /** Closes the block that is open and begins the frame of the next one. */
    private Utf8Buffer open(Block next, Utf8Buffer out) {
        close(out);
        open = next;
        return out.raw(BLOCK_START).number(blocks++).raw(",\"content_block\":");
    }

    private void close(Utf8Buffer out) {
        if (open != Block.NONE) {
            open = Block.NONE;
            out.raw(BLOCK_STOP).number(blocks - 1).raw("}\n\n");
        }
    }

    private void delta(byte[] kind, String more, Utf8Buffer out) {
        out.raw(BLOCK_DELTA).number(blocks - 1).raw(kind).string(more).raw(END_OF_BLOCK_FRAME);
    }

    private void toolCall(StreamEvent.ToolCallPart part, Utf8Buffer out) {
        if (part.index() >= calls) {
            calls = part.index() + 1;
            open(Block.TOOL_USE, out).raw("{\"type\":\"tool_use\",\"id\":").string(part.id());
            out.raw(",\"name\":").string(part.name()).raw(",\"input\":{}").raw(END_OF_BLOCK_FRAME);
        } else if (open != Block.TOOL_USE || part.index() != calls - 1) {
            // Clients act on a call when its block stops. What comes later would make it another call than the model
            // meant.
            breakOff();
            error(
                    GatewayError.of(
                            ErrorCode.PARSE,
                            "The provider went on with a tool call after it had begun something else. This format cannot"
                                    + " show that."),
                    out);
            return;
        }
        if (!part.arguments().isEmpty()) {
            delta(INPUT_JSON, part.arguments(), out);
        }
    }

    private void complete(Answer answer, Utf8Buffer out) {
        close(out);
        out.raw("event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":");
        out.string(AnthropicMessage.stopReason(answer.finishReason())).raw(",\"stop_sequence\":null},\"usage\":");
        AnthropicMessage.usage(answer.usage(), out).raw("}\n\n");
        out.raw("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
    }

    private void error(GatewayError error, Utf8Buffer out) {
        out.raw("event: error\ndata: ");
        AnthropicError.append(error, info.key().id().value(), out).raw("\n\n");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
