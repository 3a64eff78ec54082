package dev.sluice.gateway.dialect.standard;

import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.generation.Answer;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.StreamEvent;
import dev.sluice.stream.TokenUsage;

/** {@code {"type":…,"offset":n,"data":{…}}}: one event, however it is framed. */
public final class StandardJson {

    private StandardJson() {}

    /** Appends one event as one JSON object. */
    public static void append(long offset, StreamEvent event, Utf8Buffer out) {
        out.raw("{");
        members(offset, event, out);
        out.raw("}");
    }

    /**
     * Appends the members of an event's JSON object, without its braces, for formats that add members of their own.
     *
     * @param offset the event's offset; of no meaning for a {@link StreamEvent.Reset}
     */
    public static void members(long offset, StreamEvent event, Utf8Buffer out) {
        switch (event) {
            case StreamEvent.Text text -> {
                open("chunk", offset, out).raw("\"content\":").string(text.content());
                out.raw(",\"index\":").number(text.index());
            }
            case StreamEvent.Reasoning reasoning -> {
                open("reasoning", offset, out).raw("\"content\":").string(reasoning.content());
                out.raw(",\"index\":").number(reasoning.index());
            }
            case StreamEvent.ToolCallPart part -> {
                open("tool_call", offset, out).raw("\"index\":").number(part.index());
                out.raw(",\"id\":").string(part.id()).raw(",\"name\":").string(part.name());
                out.raw(",\"arguments\":").string(part.arguments());
            }
            case StreamEvent.Status status -> status(status, open("status", offset, out));
            case StreamEvent.Failed failed -> error(failed, open("error", offset, out));
            case StreamEvent.Completed completed -> complete(completed.answer(), open("complete", offset, out));
            case StreamEvent.Reset reset -> {
                out.raw("\"type\":\"reset\",\"data\":{\"first_offset\":").number(reset.firstOffset());
                out.raw(",\"reason\":\"no longer kept\"");
            }
        }
        out.raw("}");
    }

    private static Utf8Buffer open(String type, long offset, Utf8Buffer out) {
        return out.raw("\"type\":\"")
                .raw(type)
                .raw("\",\"offset\":")
                .number(offset)
                .raw(",\"data\":{");
    }

    private static void status(StreamEvent.Status status, Utf8Buffer out) {
        out.raw("\"message\":").string(status.message());
        out.raw(",\"phase\":").string(status.progress().wireName());
        if (status.attempt() > 0) {
            out.raw(",\"attempt\":").number(status.attempt());
        }
        out.raw(",\"model\":").string(status.model());
        if (status.retryIn() != null) {
            out.raw(",\"retry_in_ms\":").number(status.retryIn().toMillis());
        }
    }

    private static void error(StreamEvent.Failed failed, Utf8Buffer out) {
        GatewayError error = failed.error();
        out.raw("\"code\":").string(error.code().name());
        out.raw(",\"message\":").string(error.message());
        out.raw(",\"retryable\":").raw(error.retryable() ? "true" : "false");
        if (error.retryAfter() != null) {
            out.raw(",\"retry_after_ms\":").number(error.retryAfter().toMillis());
        }
        if (error.lastCause() != null) {
            out.raw(",\"cause\":").string(error.lastCause().name());
        }
        if (error.phase() != null) {
            out.raw(",\"phase\":").string(error.phase().wireName());
        }
        out.raw(",\"partial\":").raw(failed.partial() ? "true" : "false");
        if (failed.usage() != null) {
            usage(failed.usage(), failed.usageEstimated(), out);
        }
    }

    private static void complete(Answer answer, Utf8Buffer out) {
        out.raw("\"final_response\":").string(answer.text());
        if (answer.cut()) {
            out.raw(",\"final_response_cut\":true");
        }
        out.raw(",\"finish_reason\":").string(answer.finishReason().wireName());
        usage(answer.usage(), answer.usageEstimated(), out);
        out.raw(",\"model\":").string(answer.model());
        out.raw(",\"provider\":").string(answer.provider());
        out.raw(",\"attempts\":").number(answer.attempts());
        out.raw(",\"time_to_first_chunk_ms\":").number(answer.timeToFirstChunk().toMillis());
        out.raw(",\"duration_ms\":").number(answer.duration().toMillis());
    }

    /** Appends a further field {@code usage} to an open object. */
    public static void usage(TokenUsage usage, boolean estimated, Utf8Buffer out) {
        out.raw(",\"usage\":{\"input_tokens\":").number(usage.inputTokens());
        out.raw(",\"output_tokens\":").number(usage.outputTokens());
        out.raw(",\"total_tokens\":").number(usage.totalTokens());
        if (usage.cachedTokens() != null) {
            out.raw(",\"cached_tokens\":").number(usage.cachedTokens());
        }
        if (usage.reasoningTokens() != null) {
            out.raw(",\"reasoning_tokens\":").number(usage.reasoningTokens());
        }
        out.raw(",\"estimated\":").raw(estimated ? "true}" : "false}");
    }
}
