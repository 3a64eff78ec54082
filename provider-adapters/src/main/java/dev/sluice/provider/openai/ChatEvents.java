package dev.sluice.provider.openai;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.provider.Phase;
import dev.sluice.provider.ProviderException;
import dev.sluice.provider.ProviderFailure;
import dev.sluice.provider.http.AnswerDecoder.Progress;
import dev.sluice.provider.http.ErrorReport;
import dev.sluice.provider.http.EventReader;
import dev.sluice.provider.http.PublicText;
import dev.sluice.stream.Chunk;
import dev.sluice.stream.TokenUsage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the events of one answer mean.
 *
 * <p>The finish is held back until the figures that may follow it have come, {@code [DONE]}, or the end of the stream.
 */
final class ChatEvents implements EventReader {

    private static final String DONE = "[DONE]";
    private static final String ERROR_FIELD = "error:";

    private final PublicText publicText;
    private final ChatFrame frame = new ChatFrame();
    private final FrameReader reader;
    private final ToolCalls toolCalls = new ToolCalls();
    private final TextTemplate template = new TextTemplate();
    private boolean anything;
    private boolean started;
    private @Nullable String upstreamId;
    private @Nullable String model;
    private @Nullable String finish;
    private @Nullable TokenUsage usage;
    private Progress progress = Progress.OPEN;

    ChatEvents(ObjectMapper json, PublicText publicText) {
        this.publicText = publicText;
        this.reader = new FrameReader(json, frame);
    }

    @Override
    public Progress progress() {
        return progress;
    }

    @Override
    public void onEvent(@Nullable String type, byte[] data, int offset, int length, Consumer<Chunk> sink) {
        anything = true;
        if (type == null && started) {
            Chunk delta = template.match(data, offset, length);
            if (delta != null) {
                sink.accept(delta);
                return;
            }
        }
        boolean whole = progress == Progress.FINISHING;
        try {
            read(type, data, offset, length, sink);
        } catch (ProviderException e) {
            giveUp(e, whole, sink);
        }
    }

    private void read(@Nullable String type, byte[] data, int offset, int length, Consumer<Chunk> sink) {
        int from = offset;
        int to = offset + length;
        while (from < to && data[from] <= ' ' && data[from] >= 0) {
            from++;
        }
        while (to > from && data[to - 1] <= ' ' && data[to - 1] >= 0) {
            to--;
        }
        if ("error".equals(type)) {
            throw reported(data, from, to);
        }
        if (is(data, from, to, DONE)) {
            done(sink);
        } else if (from < to) {
            reader.read(data, from, to - from);
            apply(data, from, to, sink);
            template.learn(frame, data, from, to - from);
        }
    }

    /** Some old servers sent an error as a field of its own, and some send {@code [DONE]} bare. */
    @Override
    public void onUnknownLine(byte[] line, int offset, int length, Consumer<Chunk> sink) {
        anything = true;
        int to = offset + length;
        if (is(line, offset, Math.min(to, offset + ERROR_FIELD.length()), ERROR_FIELD)) {
            giveUp(reported(line, offset + ERROR_FIELD.length(), to), progress == Progress.FINISHING, sink);
        } else if (is(line, offset, to, DONE)) {
            done(sink);
        }
    }

    @Override
    public void onDocument(byte[] document, int offset, int length, Consumer<Chunk> sink) {
        anything = true;
        reader.read(document, offset, length);
        apply(document, offset, offset + length, sink);
        if (started && finish == null) {
            finish = "stop";
        }
    }

    @Override
    public void onEnd(Consumer<Chunk> sink) {
        if (!anything) {
            throw failure(new ProviderFailure.Network(
                    Phase.FIRST_CHUNK, "The provider closed the connection before its answer began."));
        }
        if (finish == null) {
            throw failure(new ProviderFailure.Malformed("The provider's answer ended before its end."));
        }
        complete(sink);
    }

    /** Nothing but the end of an answer is a reason to send this, even for a server that gives no finish reason. */
    private void done(Consumer<Chunk> sink) {
        if (finish == null && !started) {
            throw failure(new ProviderFailure.Malformed("The provider's answer ended before it began."));
        }
        complete(sink);
    }

    /** After the model's last word, what goes wrong costs figures, not the answer. */
    private void giveUp(ProviderException cause, boolean whole, Consumer<Chunk> sink) {
        if (!whole) {
            throw cause;
        }
        complete(sink);
    }

    private void complete(Consumer<Chunk> sink) {
        start(sink);
        if (usage != null) {
            sink.accept(new Chunk.UsageReported(usage));
        }
        sink.accept(new Chunk.Finished(FinishReasons.of(finish, !toolCalls.isEmpty())));
        progress = Progress.COMPLETE;
    }

    private void apply(byte[] bytes, int from, int to, Consumer<Chunk> sink) {
        if (frame.isError) {
            throw reported(bytes, from, to);
        }
        remember();
        if (frame.hasChoices) {
            start(sink);
        }
        for (Chunk delta : frame.deltas) {
            sink.accept(delta);
        }
        for (ChatFrame.ToolPiece piece : frame.toolPieces) {
            Chunk.ToolCallDelta delta = toolCalls.next(piece);
            if (delta != null) {
                sink.accept(delta);
            }
        }
        if (progress == Progress.FINISHING && frame.usage != null && !frame.hasChoices) {
            complete(sink);
        }
    }

    private void remember() {
        upstreamId = upstreamId == null || upstreamId.isEmpty() ? frame.id : upstreamId;
        model = model == null || model.isEmpty() ? frame.model : model;
        usage = frame.usage == null ? usage : frame.usage;
        if (frame.finish != null && !frame.finish.isEmpty()) {
            if (FinishReasons.isFailure(frame.finish)) {
                throw failure(
                        new ProviderFailure.Server(200, null, "The provider broke off its answer with an error."));
            }
            finish = frame.finish;
            progress = Progress.FINISHING;
        }
    }

    private void start(Consumer<Chunk> sink) {
        if (!started) {
            started = true;
            sink.accept(new Chunk.Started(emptyToNull(upstreamId), emptyToNull(model)));
        }
    }

    private ProviderException reported(byte[] bytes, int from, int to) {
        return failure(ErrorReport.parse(bytes, from, to - from).inStream(publicText));
    }

    private static ProviderException failure(ProviderFailure failure) {
        return new ProviderException(failure);
    }

    private static @Nullable String emptyToNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    private static boolean is(byte[] bytes, int from, int to, String ascii) {
        if (to - from != ascii.length()) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (bytes[from + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
