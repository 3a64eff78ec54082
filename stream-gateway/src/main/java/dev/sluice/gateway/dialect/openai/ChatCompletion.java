package dev.sluice.gateway.dialect.openai;

import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.generation.Answer;
import dev.sluice.gateway.generation.GenerationInfo;
import dev.sluice.gateway.generation.ToolCall;
import dev.sluice.stream.FinishReason;

/** A whole answer as one {@code chat.completion} object. */
final class ChatCompletion {

    private ChatCompletion() {}

    /** Returns the JSON body. */
    static byte[] of(GenerationInfo info, Answer answer) {
        Utf8Buffer out = new Utf8Buffer(512 + answer.text().length());
        out.raw("{\"id\":").string("chatcmpl-" + info.key().id().value());
        out.raw(",\"object\":\"chat.completion\",\"created\":")
                .number(info.acceptedAt().getEpochSecond());
        out.raw(",\"model\":").string(info.model());
        out.raw(",\"choices\":[{\"index\":0,\"message\":");
        message(answer, out);
        out.raw(",\"logprobs\":null,\"finish_reason\":")
                .string(finishReason(answer).wireName());
        out.raw("}],\"usage\":");
        OpenAiEncoder.usage(answer.usage(), out).raw("}");
        return out.toBytes();
    }

    /** An answer that is longer than what is kept of a stream ends early for this client, and says so. */
    private static FinishReason finishReason(Answer answer) {
        return answer.cut() ? FinishReason.LENGTH : answer.finishReason();
    }

    private static void message(Answer answer, Utf8Buffer out) {
        boolean onlyCalls = answer.text().isEmpty() && !answer.toolCalls().isEmpty();
        out.raw("{\"role\":\"assistant\",\"content\":").string(onlyCalls ? null : answer.text());
        out.raw(",\"refusal\":null");
        if (!answer.reasoning().isEmpty()) {
            out.raw(",\"reasoning_content\":").string(answer.reasoning());
        }
        if (!answer.toolCalls().isEmpty()) {
            out.raw(",\"tool_calls\":[");
            String separator = "";
            for (ToolCall call : answer.toolCalls()) {
                out.raw(separator).raw("{\"id\":").string(call.id());
                out.raw(",\"type\":\"function\",\"function\":{\"name\":").string(call.name());
                out.raw(",\"arguments\":").string(call.arguments()).raw("}}");
                separator = ",";
            }
            out.raw("]");
        }
        out.raw("}");
    }
}
