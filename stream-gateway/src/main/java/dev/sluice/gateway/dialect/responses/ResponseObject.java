package dev.sluice.gateway.dialect.responses;

import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.generation.Answer;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GenerationInfo;
import dev.sluice.stream.FinishReason;
import dev.sluice.stream.TokenUsage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One stream's {@code response} object, with every field that clients look for. What it always repeats is encoded once. */
final class ResponseObject {

    private final byte[] head;

    ResponseObject(GenerationInfo info, RequestEcho echo) {
        Utf8Buffer buffer = new Utf8Buffer(512);
        buffer.raw("{\"id\":").string("resp_" + info.key().id().value());
        buffer.raw(",\"object\":\"response\",\"created_at\":")
                .number(info.acceptedAt().getEpochSecond());
        buffer.raw(",\"model\":").string(info.model());
        buffer.raw(",\"background\":false,\"previous_response_id\":null,\"store\":false,")
                .raw(echo.fields());
        this.head = buffer.toBytes();
    }

    /** Appends it as it is before the end. */
    void inProgress(Utf8Buffer out) {
        state("in_progress", null, null, out);
        out.raw(",\"output\":[],\"usage\":null}");
    }

    /** Appends it as it is after a failure. Of the answer it holds nothing: what came stands in the events before. */
    void failed(GatewayError error, Utf8Buffer out) {
        state("failed", null, error, out);
        out.raw(",\"output\":[],\"usage\":null}");
    }

    /**
     * Appends it as it is at the end.
     *
     * @param items the answer's
     */
    void ended(Answer answer, List<OutputItem> items, Utf8Buffer out) {
        String status = status(answer);
        state(status, incompleteBecause(answer), null, out);
        out.raw(",\"output\":[");
        String separator = "";
        for (OutputItem item : items) {
            out.raw(separator);
            item.append(status, out);
            separator = ",";
        }
        out.raw("],\"usage\":");
        usage(answer.usage(), out);
        out.raw("}");
    }

    /** Returns the final status of a response, and of the items that end with it. */
    static String status(Answer answer) {
        return incompleteBecause(answer) == null ? "completed" : "incomplete";
    }

    /** An answer that is longer than what is kept of a stream ends early for this client, and says so. */
    private static @Nullable String incompleteBecause(Answer answer) {
        FinishReason reason = answer.cut() ? FinishReason.LENGTH : answer.finishReason();
        return switch (reason) {
            case STOP, TOOL_CALLS -> null;
            case LENGTH -> "max_output_tokens";
            case CONTENT_FILTER -> "content_filter";
        };
    }

    private void state(
            String status, @Nullable String incompleteBecause, @Nullable GatewayError error, Utf8Buffer out) {
        out.raw(head).raw(",\"status\":").string(status);
        out.raw(",\"incomplete_details\":");
        if (incompleteBecause == null) {
            out.raw("null");
        } else {
            out.raw("{\"reason\":").string(incompleteBecause).raw("}");
        }
        out.raw(",\"error\":");
        if (error == null) {
            out.raw("null");
        } else {
            out.raw("{\"code\":").string(error.code().name());
            out.raw(",\"message\":").string(error.message()).raw("}");
        }
    }

    /** Clients read the details without asking whether they are there, so what is unknown is 0. */
    private static void usage(TokenUsage usage, Utf8Buffer out) {
        out.raw("{\"input_tokens\":").number(usage.inputTokens());
        out.raw(",\"input_tokens_details\":{\"cached_tokens\":").number(orZero(usage.cachedTokens()));
        out.raw(",\"cache_write_tokens\":0},\"output_tokens\":").number(usage.outputTokens());
        out.raw(",\"output_tokens_details\":{\"reasoning_tokens\":").number(orZero(usage.reasoningTokens()));
        out.raw("},\"total_tokens\":").number(usage.totalTokens()).raw("}");
    }

    private static long orZero(@Nullable Long count) {
        return count == null ? 0 : count;
    }
}
