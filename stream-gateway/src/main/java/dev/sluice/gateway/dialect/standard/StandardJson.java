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
        out.raw("\"type\":\"").raw(type(event)).raw("\",");
        if (!(event instanceof StreamEvent.Reset)) {
            out.raw("\"offset\":").number(offset).raw(",");
        }
        out.raw("\"data\":{");
        fields(event, out);
        out.raw("}");
    }

    /** Returns the name of an event's kind. */
    public static String type(StreamEvent event) {
        return switch (event) {
            case StreamEvent.Text _ -> "chunk";
            case StreamEvent.Reasoning _ -> "reasoning";
            case StreamEvent.ToolCallPart _ -> "tool_call";
            case StreamEvent.Status _ -> "status";
            case StreamEvent.Failed _ -> "error";
            case StreamEvent.Completed _ -> "complete";
            case StreamEvent.Reset _ -> "reset";
        };
    }

    /** Appends what an event says, as members of an object whose braces are not ours. */
    public static void fields(StreamEvent event, Utf8Buffer out) {
        switch (event) {
            case StreamEvent.Text text -> {
                out.raw("\"content\":").string(text.content());
                out.raw(",\"index\":").number(text.index());
            }
            case StreamEvent.Reasoning reasoning -> {
                out.raw("\"content\":").string(reasoning.content());
                out.raw(",\"index\":").number(reasoning.index());
            }
            case StreamEvent.ToolCallPart part -> {
                out.raw("\"index\":").number(part.index());
                out.raw(",\"id\":").string(part.id()).raw(",\"name\":").string(part.name());
                out.raw(",\"arguments\":").string(part.arguments());
            }
            case StreamEvent.Status status -> status(status, out);
            case StreamEvent.Failed failed -> error(failed, out);
            case StreamEvent.Completed completed -> complete(completed.answer(), out);
            case StreamEvent.Reset reset -> {
                out.raw("\"first_offset\":").number(reset.firstOffset());
                out.raw(",\"reason\":\"no longer kept\"");
            }
        }
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
        if (status.characters() != null) {
            out.raw(",\"characters\":").number(status.characters());
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
