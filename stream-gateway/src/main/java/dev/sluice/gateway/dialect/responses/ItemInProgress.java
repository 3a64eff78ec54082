package dev.sluice.gateway.dialect.responses;

import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.generation.Answer;
import dev.sluice.gateway.generation.StreamId;
import org.jspecify.annotations.Nullable;

/** An item of an answer that is still being told. For one thread. */
abstract sealed class ItemInProgress {

    private final String id;
    private final int outputIndex;
    private final byte[] deltaHead;
    private boolean ended;

    private ItemInProgress(String id, int outputIndex, String deltaType, String deltaFields) {
        this.id = id;
        this.outputIndex = outputIndex;
        this.deltaHead = new Utf8Buffer(256)
                .raw("event: " + deltaType + "\ndata: {\"type\":\"" + deltaType + "\",\"item_id\":")
                .string(id)
                .raw(",\"output_index\":")
                .number(outputIndex)
                .raw(deltaFields)
                .raw(",\"sequence_number\":")
                .toBytes();
    }

    final String id() {
        return id;
    }

    /** Returns its place among the items. */
    final int outputIndex() {
        return outputIndex;
    }

    /** Returns what each of its deltas begins with, up to the sequence number. */
    final byte[] deltaHead() {
        return deltaHead;
    }

    /** Whether its end was told. */
    final boolean ended() {
        return ended;
    }

    final void end() {
        ended = true;
    }

    /** Appends it as JSON, as it is when nothing of it has come. */
    abstract void appendEmpty(Utf8Buffer out);

    /** Returns it as the whole answer tells it. */
    abstract OutputItem whole(Answer answer);

    /** The one message. It ends with the answer, which then tells its text. */
    static final class Message extends ItemInProgress {

        Message(StreamId stream, int outputIndex) {
            super(
                    OutputItem.messageId(stream),
                    outputIndex,
                    "response.output_text.delta",
                    ",\"content_index\":0,\"logprobs\":[]");
        }

        @Override
        void appendEmpty(Utf8Buffer out) {
            out.raw("{\"id\":").string(id());
            out.raw(",\"type\":\"message\",\"status\":\"in_progress\",\"role\":\"assistant\",\"content\":[]}");
        }

        @Override
        OutputItem whole(Answer answer) {
            return new OutputItem.Message(id(), answer.text());
        }
    }

    /** One tool call. A model may tell several in turns, so each ends with the answer. */
    static final class FunctionCall extends ItemInProgress {

        private final int index;
        private final @Nullable String callId;
        private final @Nullable String name;

        FunctionCall(StreamId stream, int outputIndex, int index, @Nullable String callId, @Nullable String name) {
            super(OutputItem.callId(stream, index), outputIndex, "response.function_call_arguments.delta", "");
            this.index = index;
            this.callId = callId;
            this.name = name;
        }

        @Override
        void appendEmpty(Utf8Buffer out) {
            out.raw("{\"id\":").string(id());
            out.raw(",\"type\":\"function_call\",\"status\":\"in_progress\",\"call_id\":")
                    .string(callId);
            out.raw(",\"name\":").string(name).raw(",\"arguments\":\"\"}");
        }

        @Override
        OutputItem whole(Answer answer) {
            return new OutputItem.FunctionCall(id(), answer.toolCalls().get(index));
        }
    }

    /**
     * One stretch of thinking. It ends when something else begins, since clients show whether the model still thinks; so its
     * text is remembered until then. One that is too long for that ends with the answer.
     */
    static final class Reasoning extends ItemInProgress {

        private static final int MAX_REMEMBERED = 64 * 1_024;

        private final int start;
        private int length;
        private @Nullable StringBuilder remembered = new StringBuilder();

        /**
         * Begins a stretch.
         *
         * @param number 0, 1, 2 … among the stretches
         * @param start how much thinking came before it, in characters
         */
        Reasoning(StreamId stream, int outputIndex, int number, int start) {
            super(
                    OutputItem.reasoningId(stream, number),
                    outputIndex,
                    "response.reasoning_summary_text.delta",
                    ",\"summary_index\":0");
            this.start = start;
        }

        void add(String delta) {
            length += delta.length();
            if (remembered != null && length <= MAX_REMEMBERED) {
                remembered.append(delta);
            } else {
                remembered = null;
            }
        }

        /** Returns where the next stretch starts. */
        int stop() {
            return start + length;
        }

        /** Returns it without the help of the whole answer, and forgets its text; null where it is not remembered. */
        @Nullable
        OutputItem recall() {
            StringBuilder text = remembered;
            remembered = null;
            return text == null ? null : new OutputItem.Reasoning(id(), text.toString());
        }

        @Override
        void appendEmpty(Utf8Buffer out) {
            out.raw("{\"id\":").string(id()).raw(",\"type\":\"reasoning\",\"summary\":[]}");
        }

        @Override
        OutputItem whole(Answer answer) {
            String all = answer.reasoning();
            return new OutputItem.Reasoning(
                    id(), all.substring(Math.min(start, all.length()), Math.min(stop(), all.length())));
        }
    }
}
