package dev.sluice.gateway.dialect.responses;

import dev.sluice.gateway.dialect.ErrorBody;
import dev.sluice.gateway.dialect.GaplessEncoder;
import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.generation.Answer;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GenerationInfo;
import dev.sluice.gateway.generation.StreamEvent;
import dev.sluice.gateway.generation.StreamEvent.Progress;
import dev.sluice.gateway.generation.StreamId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One stream as the events of the Responses API.
 *
 * <p>Items begin in the order in which the model began them. The message and the tool calls end with the answer, whose last
 * event tells their whole text, so that what the log holds is not gathered here a second time. An error is {@code error} with
 * a nested object, which all tested clients raise, and then {@code response.failed}, which they expect last.
 */
final class ResponsesEncoder extends GaplessEncoder {

    private static final byte[] END = "}\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DELTA = ",\"delta\":".getBytes(StandardCharsets.US_ASCII);

    private final ResponseObject response;
    private final StreamId stream;
    private final List<ItemInProgress> items = new ArrayList<>();
    private final Map<Integer, ItemInProgress> calls = new HashMap<>();
    private ItemInProgress.@Nullable Message message;
    private ItemInProgress.@Nullable Reasoning reasoning;
    private int stretches;
    private int reasoningLength;
    private long sequence;

    ResponsesEncoder(GenerationInfo info, RequestEcho echo) {
        this.response = new ResponseObject(info, echo);
        this.stream = info.key().id();
    }

    @Override
    protected void append(StreamEvent event, Utf8Buffer out) {
        switch (event) {
            case StreamEvent.Text text -> delta(message(out), text.content(), out);
            case StreamEvent.Reasoning thought -> think(thought.content(), out);
            case StreamEvent.ToolCallPart part -> toolCall(part, out);
            case StreamEvent.Status status -> {
                if (status.progress() == Progress.STREAMING) {
                    begin(out);
                }
            }
            case StreamEvent.Completed completed -> complete(completed.answer(), out);
            case StreamEvent.Failed failed -> fail(failed.error(), out);
            case StreamEvent.Reset reset -> fail(reset.error(), out);
        }
    }

    private void begin(Utf8Buffer out) {
        response.inProgress(event("response.created", out).raw(",\"response\":"));
        out.raw(END);
        response.inProgress(event("response.in_progress", out).raw(",\"response\":"));
        out.raw(END);
    }

    private ItemInProgress message(Utf8Buffer out) {
        stopThinking(out);
        if (message == null) {
            message = new ItemInProgress.Message(stream, items.size());
            add(message, out);
            event("response.content_part.added", message, out).raw(",\"content_index\":0,\"part\":");
            OutputItem.textPart("", out);
            out.raw(END);
        }
        return message;
    }

    private void think(String content, Utf8Buffer out) {
        if (reasoning == null) {
            reasoning = new ItemInProgress.Reasoning(stream, items.size(), stretches++, reasoningLength);
            add(reasoning, out);
            event("response.reasoning_summary_part.added", reasoning, out).raw(",\"summary_index\":0,\"part\":");
            OutputItem.summaryPart("", out);
            out.raw(END);
        }
        reasoning.add(content);
        reasoningLength = reasoning.stop();
        delta(reasoning, content, out);
    }

    private void stopThinking(Utf8Buffer out) {
        OutputItem whole = reasoning == null ? null : reasoning.recall();
        if (reasoning != null && whole != null) {
            close(reasoning, whole, "completed", out);
            reasoning = null;
        }
    }

    private void toolCall(StreamEvent.ToolCallPart part, Utf8Buffer out) {
        stopThinking(out);
        ItemInProgress call = calls.get(part.index());
        if (call == null) {
            call = new ItemInProgress.FunctionCall(stream, items.size(), part.index(), part.id(), part.name());
            calls.put(part.index(), call);
            add(call, out);
        }
        if (!part.arguments().isEmpty()) {
            delta(call, part.arguments(), out);
        }
    }

    private void complete(Answer answer, Utf8Buffer out) {
        String status = ResponseObject.status(answer);
        List<OutputItem> whole = new ArrayList<>();
        for (ItemInProgress item : items) {
            OutputItem told = item.whole(answer);
            if (!item.ended()) {
                close(item, told, status, out);
            }
            whole.add(told);
        }
        response.ended(answer, whole, event("response." + status, out).raw(",\"response\":"));
        out.raw(END);
    }

    private void fail(GatewayError error, Utf8Buffer out) {
        event("error", out).raw(",\"error\":");
        ErrorBody.appendObject(error, out).raw(END);
        response.failed(error, event("response.failed", out).raw(",\"response\":"));
        out.raw(END);
    }

    private void add(ItemInProgress item, Utf8Buffer out) {
        items.add(item);
        event("response.output_item.added", out).raw(",\"output_index\":").number(item.outputIndex());
        item.appendEmpty(out.raw(",\"item\":"));
        out.raw(END);
    }

    private void delta(ItemInProgress item, String content, Utf8Buffer out) {
        out.raw(item.deltaHead()).number(sequence++).raw(DELTA).string(content).raw(END);
    }

    private void close(ItemInProgress item, OutputItem whole, String status, Utf8Buffer out) {
        item.end();
        switch (whole) {
            case OutputItem.Message told -> {
                event("response.output_text.done", item, out)
                        .raw(",\"content_index\":0,\"logprobs\":[],\"text\":")
                        .string(told.text())
                        .raw(END);
                event("response.content_part.done", item, out).raw(",\"content_index\":0,\"part\":");
                OutputItem.textPart(told.text(), out);
            }
            case OutputItem.Reasoning told -> {
                event("response.reasoning_summary_text.done", item, out)
                        .raw(",\"summary_index\":0,\"text\":")
                        .string(told.text())
                        .raw(END);
                event("response.reasoning_summary_part.done", item, out).raw(",\"summary_index\":0,\"part\":");
                OutputItem.summaryPart(told.text(), out);
            }
            case OutputItem.FunctionCall told ->
                event("response.function_call_arguments.done", item, out)
                        .raw(",\"name\":")
                        .string(told.call().name())
                        .raw(",\"arguments\":")
                        .string(told.call().arguments());
        }
        out.raw(END);
        event("response.output_item.done", out).raw(",\"output_index\":").number(item.outputIndex());
        whole.append(status, out.raw(",\"item\":"));
        out.raw(END);
    }

    private Utf8Buffer event(String type, ItemInProgress item, Utf8Buffer out) {
        event(type, out).raw(",\"item_id\":").string(item.id());
        return out.raw(",\"output_index\":").number(item.outputIndex());
    }

    /** Begins an event; whoever asks ends it. */
    private Utf8Buffer event(String type, Utf8Buffer out) {
        return out.raw("event: ")
                .raw(type)
                .raw("\ndata: {\"type\":\"")
                .raw(type)
                .raw("\",\"sequence_number\":")
                .number(sequence++);
    }
}
