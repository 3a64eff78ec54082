package dev.sluice.gateway.dialect.responses;

import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.generation.Answer;
import dev.sluice.gateway.generation.StreamId;
import dev.sluice.gateway.generation.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One item of an answer. Its id names the stream, so that a later request can refer to it for as long as the stream is kept.
 */
sealed interface OutputItem {

    /** Thinking, as a summary: the one form that all clients show. */
    record Reasoning(String id, String text) implements OutputItem {}

    /** All text of an answer. */
    record Message(String id, String text) implements OutputItem {}

    /** One tool call. */
    record FunctionCall(String id, ToolCall call) implements OutputItem {}

    /** Returns the items of a whole answer, of which nobody knows any more in which order they began. */
    static List<OutputItem> of(StreamId stream, Answer answer) {
        List<OutputItem> items = new ArrayList<>();
        if (!answer.reasoning().isEmpty()) {
            items.add(new Reasoning(reasoningId(stream, 0), answer.reasoning()));
        }
        if (!answer.text().isEmpty()) {
            items.add(new Message(messageId(stream), answer.text()));
        }
        for (int i = 0; i < answer.toolCalls().size(); i++) {
            items.add(new FunctionCall(callId(stream, i), answer.toolCalls().get(i)));
        }
        return items;
    }

    /** Finds the item of this id; empty where its stream is not kept, has not ended well, or was longer than what is kept. */
    static Optional<OutputItem> find(String id, EarlierAnswers earlier) {
        if (id.startsWith("msg_")) {
            return answer(id.substring(4), earlier).map(answer -> new Message(id, answer.text()));
        }
        int number = id.lastIndexOf('_');
        if (id.startsWith("fc_") && number > 3) {
            String index = id.substring(number + 1);
            return answer(id.substring(3, number), earlier)
                    .flatMap(answer -> answer.toolCalls().stream()
                            .skip(index.matches("[0-9]{1,4}") ? Integer.parseInt(index) : Long.MAX_VALUE)
                            .<OutputItem>map(call -> new FunctionCall(id, call))
                            .findFirst());
        }
        return Optional.empty();
    }

    private static Optional<Answer> answer(String stream, EarlierAnswers earlier) {
        return StreamId.parse(stream).flatMap(earlier::find).filter(answer -> !answer.cut());
    }

    static String messageId(StreamId stream) {
        return "msg_" + stream.value();
    }

    static String callId(StreamId stream, int index) {
        return "fc_" + stream.value() + "_" + index;
    }

    static String reasoningId(StreamId stream, int number) {
        return "rs_" + stream.value() + "_" + number;
    }

    /** Returns its id. */
    String id();

    /** Appends it as JSON. */
    default void append(String status, Utf8Buffer out) {
        out.raw("{\"id\":").string(id());
        switch (this) {
            case Reasoning reasoning -> {
                out.raw(",\"type\":\"reasoning\",\"summary\":[");
                summaryPart(reasoning.text(), out);
            }
            case Message message -> {
                out.raw(",\"type\":\"message\",\"status\":").string(status);
                out.raw(",\"role\":\"assistant\",\"content\":[");
                textPart(message.text(), out);
            }
            case FunctionCall(String _, ToolCall call) -> {
                out.raw(",\"type\":\"function_call\",\"status\":").string(status);
                out.raw(",\"call_id\":").string(call.id());
                out.raw(",\"name\":").string(call.name());
                out.raw(",\"arguments\":").string(call.arguments()).raw("}");
                return;
            }
        }
        out.raw("]}");
    }

    /** Appends a part of a message's content. */
    static void textPart(String text, Utf8Buffer out) {
        out.raw("{\"type\":\"output_text\",\"annotations\":[],\"logprobs\":[],\"text\":")
                .string(text)
                .raw("}");
    }

    /** Appends a part of a summary. */
    static void summaryPart(String text, Utf8Buffer out) {
        out.raw("{\"type\":\"summary_text\",\"text\":").string(text).raw("}");
    }
}
