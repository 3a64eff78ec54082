package dev.sluice.gateway.dialect.anthropic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.generation.Answer;
import dev.sluice.gateway.generation.GenerationInfo;
import dev.sluice.gateway.generation.ToolCall;
import dev.sluice.stream.FinishReason;
import dev.sluice.stream.TokenUsage;

/** A whole answer as one {@code message} object. */
final class AnthropicMessage {

    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    private AnthropicMessage() {}

    /** Returns the JSON body. Thinking comes first, then the text, then the tool calls. */
    static byte[] of(GenerationInfo info, Answer answer) {
        Utf8Buffer out = new Utf8Buffer(512 + answer.text().length());
        open(info, out);
        content(answer, out);
        out.raw("],\"stop_reason\":").string(stopReason(answer.cut() ? FinishReason.LENGTH : answer.finishReason()));
        out.raw(",\"stop_sequence\":null,\"usage\":");
        usage(answer.usage(), out).raw("}");
        return out.toBytes();
    }

    /** Appends the beginning of a message object, up to the bracket that opens its content. */
    static Utf8Buffer open(GenerationInfo info, Utf8Buffer out) {
        out.raw("{\"id\":").string("msg_" + info.key().id().value());
        out.raw(",\"type\":\"message\",\"role\":\"assistant\",\"model\":").string(info.model());
        return out.raw(",\"content\":[");
    }

    /** Returns why the model stopped, in Anthropic's words. Which stop sequence was met, no provider of ours tells. */
    static String stopReason(FinishReason reason) {
        return switch (reason) {
            case STOP -> "end_turn";
            case LENGTH -> "max_tokens";
            case TOOL_CALLS -> "tool_use";
            case CONTENT_FILTER -> "refusal";
        };
    }

    /** Appends Anthropic's usage object, in which cached tokens are no part of {@code input_tokens}. */
    static Utf8Buffer usage(TokenUsage usage, Utf8Buffer out) {
        Long told = usage.cachedTokens();
        long cached = told == null ? 0 : Math.min(told, usage.inputTokens());
        out.raw("{\"input_tokens\":").number(usage.inputTokens() - cached);
        out.raw(",\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":")
                .number(cached);
        out.raw(",\"output_tokens\":").number(usage.outputTokens());
        if (usage.reasoningTokens() != null) {
            out.raw(",\"output_tokens_details\":{\"thinking_tokens\":")
                    .number(usage.reasoningTokens())
                    .raw("}");
        }
        return out.raw("}");
    }

    private static void content(Answer answer, Utf8Buffer out) {
        String separator = "";
        if (!answer.reasoning().isEmpty()) {
            out.raw("{\"type\":\"thinking\",\"thinking\":").string(answer.reasoning());
            out.raw(",\"signature\":\"\"}");
            separator = ",";
        }
        if (!answer.text().isEmpty()) {
            out.raw(separator).raw("{\"type\":\"text\",\"text\":").string(answer.text());
            out.raw("}");
            separator = ",";
        }
        for (ToolCall call : answer.toolCalls()) {
            out.raw(separator).raw("{\"type\":\"tool_use\",\"id\":").string(call.id());
            out.raw(",\"name\":").string(call.name()).raw(",\"input\":");
            input(call.arguments(), out);
            out.raw("}");
            separator = ",";
        }
    }

    /** The input must be an object. Arguments that are none stay readable under the name that Anthropic advises for them. */
    private static void input(String arguments, Utf8Buffer out) {
        if (arguments.isBlank()) {
            out.raw("{}");
        } else if (isObject(arguments)) {
            out.raw(arguments);
        } else {
            out.raw("{\"INVALID_JSON\":").string(arguments).raw("}");
        }
    }

    private static boolean isObject(String json) {
        try {
            return JSON.readTree(json).isObject();
        } catch (JsonProcessingException _) {
            return false;
        }
    }
}
