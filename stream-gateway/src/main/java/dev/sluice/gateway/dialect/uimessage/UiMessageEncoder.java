package dev.sluice.gateway.dialect.uimessage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.gateway.dialect.GaplessEncoder;
import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.dialect.standard.StandardJson;
import dev.sluice.gateway.generation.Answer;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GenerationInfo;
import dev.sluice.gateway.generation.StreamEvent;
import dev.sluice.gateway.generation.ToolCall;
import dev.sluice.stream.FinishReason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One stream as the parts of a message.
 *
 * <p>The order that clients rely on: {@code start}, {@code start-step}, parts, {@code finish-step}, {@code finish},
 * {@code [DONE]}. A part of text or thinking is opened before its first delta, under an id of its own, and closed before
 * another begins. The input of a tool is whole at the end of the answer. A failure is an {@code error}, an abort an
 * {@code abort}; a stream that ended without any of these would look like a success.
 */
final class UiMessageEncoder extends GaplessEncoder {

    private static final byte[] END = ascii("}\n\n");
    private static final byte[] DONE = ascii("data: [DONE]\n\n");
    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    private final GenerationInfo info;
    private final String messageId;
    private final List<String> callIds = new ArrayList<>(0);
    private @Nullable Part open;
    private int parts;
    private boolean begun;

    /** Where deltas of one kind go. */
    private static final class Part {

        private final String kind;
        private final String id;
        private final byte[] beforeDelta;

        /**
         * @param kind {@code text} or {@code reasoning}
         * @param id unique in the message
         */
        Part(String kind, String id) {
            this.kind = kind;
            this.id = id;
            this.beforeDelta = ascii("data: {\"type\":\"" + kind + "-delta\",\"id\":\"" + id + "\",\"delta\":");
        }
    }

    UiMessageEncoder(GenerationInfo info, String messageId) {
        this.info = info;
        this.messageId = messageId;
    }

    @Override
    protected void append(StreamEvent event, Utf8Buffer out) {
        switch (event) {
            case StreamEvent.Status status -> status(status, out);
            case StreamEvent.Text text ->
                out.raw(part("text", out).beforeDelta).string(text.content()).raw(END);
            case StreamEvent.Reasoning reasoning ->
                out.raw(part("reasoning", out).beforeDelta)
                        .string(reasoning.content())
                        .raw(END);
            case StreamEvent.ToolCallPart part -> toolInput(part, out);
            case StreamEvent.Completed completed -> complete(completed.answer(), out);
            case StreamEvent.Failed failed -> fail(failed.error(), out);
            // A replay that lacks its beginning would replace what the client has.
            case StreamEvent.Reset _ ->
                fail(GatewayError.of(ErrorCode.GONE, "The beginning of this answer is no longer kept."), out);
        }
    }

    private void status(StreamEvent.Status status, Utf8Buffer out) {
        begin(out);
        switch (status.progress()) {
            case ACCEPTED, CONNECTING -> {}
            case QUEUED, RETRYING, FALLING_BACK, CONTINUING, STREAMING -> {
                chunk("data-gateway", out).raw(",\"transient\":true,\"data\":{");
                StandardJson.fields(status, out);
                out.raw("}").raw(END);
            }
        }
    }

    private void begin(Utf8Buffer out) {
        if (!begun) {
            begun = true;
            chunk("start", out).raw(",\"messageId\":").string(messageId);
            out.raw(",\"messageMetadata\":{\"streamId\":")
                    .string(info.key().id().value());
            out.raw(",\"model\":").string(info.model()).raw("}").raw(END);
            chunk("start-step", out).raw(END);
        }
    }

    private Part part(String kind, Utf8Buffer out) {
        Part current = open;
        if (current == null || !current.kind.equals(kind)) {
            close(out);
            current = new Part(kind, kind + "-" + parts++);
            open = current;
            chunk(kind + "-start", out).raw(",\"id\":").string(current.id).raw(END);
        }
        return current;
    }

    private void close(Utf8Buffer out) {
        Part current = open;
        if (current != null) {
            open = null;
            chunk(current.kind + "-end", out).raw(",\"id\":").string(current.id).raw(END);
        }
    }

    private void toolInput(StreamEvent.ToolCallPart part, Utf8Buffer out) {
        close(out);
        if (part.index() == callIds.size()) {
            callIds.add(part.id() == null ? "call_" + part.index() : part.id());
            chunk("tool-input-start", out).raw(",\"toolCallId\":").string(callIds.getLast());
            out.raw(",\"toolName\":")
                    .string(part.name() == null ? "" : part.name())
                    .raw(END);
        }
        if (!part.arguments().isEmpty()) {
            chunk("tool-input-delta", out).raw(",\"toolCallId\":").string(callIds.get(part.index()));
            out.raw(",\"inputTextDelta\":").string(part.arguments()).raw(END);
        }
    }

    private void complete(Answer answer, Utf8Buffer out) {
        close(out);
        for (int i = 0; i < answer.toolCalls().size(); i++) {
            wholeToolInput(callIds.get(i), answer.toolCalls().get(i), out);
        }
        chunk("finish-step", out).raw(END);
        chunk("finish", out).raw(",\"finishReason\":").string(finishReason(answer.finishReason()));
        metadata(answer, out.raw(",\"messageMetadata\":{"));
        out.raw("}").raw(END).raw(DONE);
    }

    /** Models write their arguments with line breaks now and then, and not always as valid JSON. */
    private static void wholeToolInput(String id, ToolCall call, Utf8Buffer out) {
        String input;
        try {
            input = call.arguments().isBlank()
                    ? "{}"
                    : JSON.readTree(call.arguments()).toString();
        } catch (JsonProcessingException _) {
            chunk("tool-input-error", out).raw(",\"toolCallId\":").string(id);
            out.raw(",\"toolName\":").string(call.name());
            out.raw(",\"input\":").string(call.arguments());
            out.raw(",\"errorText\":\"The arguments are not valid JSON.\"").raw(END);
            return;
        }
        chunk("tool-input-available", out).raw(",\"toolCallId\":").string(id);
        out.raw(",\"toolName\":").string(call.name());
        out.raw(",\"input\":").raw(input).raw(END);
    }

    private static void metadata(Answer answer, Utf8Buffer out) {
        out.raw("\"usage\":{\"inputTokens\":").number(answer.usage().inputTokens());
        out.raw(",\"outputTokens\":").number(answer.usage().outputTokens());
        out.raw(",\"totalTokens\":").number(answer.usage().totalTokens());
        out.raw(",\"estimated\":").raw(answer.usageEstimated() ? "true}" : "false}");
        out.raw(",\"provider\":").string(answer.provider());
        out.raw(",\"attempts\":").number(answer.attempts());
        out.raw(",\"timeToFirstChunkMs\":").number(answer.timeToFirstChunk().toMillis());
        out.raw(",\"durationMs\":").number(answer.duration().toMillis());
    }

    private void fail(GatewayError error, Utf8Buffer out) {
        close(out);
        if (error.code() == ErrorCode.CANCELLED) {
            chunk("abort", out).raw(END);
        } else {
            chunk("error", out).raw(",\"errorText\":").string(error.message()).raw(END);
        }
        out.raw(DONE);
    }

    private static String finishReason(FinishReason reason) {
        return switch (reason) {
            case STOP -> "stop";
            case LENGTH -> "length";
            case TOOL_CALLS -> "tool-calls";
            case CONTENT_FILTER -> "content-filter";
        };
    }

    private static Utf8Buffer chunk(String type, Utf8Buffer out) {
        return out.raw("data: {\"type\":\"").raw(type).raw("\"");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
