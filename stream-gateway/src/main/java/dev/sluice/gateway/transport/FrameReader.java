package dev.sluice.gateway.transport;

import dev.sluice.gateway.dialect.Dialect;
import dev.sluice.gateway.dialect.StreamEncoder;
import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.StreamEvent;
import dev.sluice.gateway.log.LogReader;
import dev.sluice.gateway.log.StreamLog;
import java.io.Closeable;
import org.jspecify.annotations.Nullable;

/**
 * A cursor in a log that yields frames of one dialect. For one thread at a time.
 *
 * <p>A reader that is alone encodes straight into the buffer of its connection. Where several read the same stream in the
 * same format, one of them encodes and the others copy.
 */
public final class FrameReader implements Closeable {

    private static final int MAX_MERGED = 16 * 1_024;

    private final StreamLog log;
    private final Dialect dialect;
    private final StreamEncoder encoder;
    private final Broadcasts broadcasts;
    private final boolean merge;
    private final LogReader reader;
    private @Nullable Broadcast broadcast;
    private @Nullable StreamEvent carried;
    private @Nullable GatewayError refusal;
    private boolean begun;
    private boolean ended;

    /**
     * @param from the first offset to read
     * @param merge whether text that can be read at once becomes one event, with the offset of its last part
     * @param wake told of news, on the writer's thread
     */
    FrameReader(StreamLog log, long from, Dialect dialect, boolean merge, Broadcasts broadcasts, Runnable wake) {
        this.log = log;
        this.dialect = dialect;
        this.encoder = dialect.encoder(log.info());
        this.broadcasts = broadcasts;
        this.merge = merge;
        this.reader = log.read(from, wake);
    }

    /** Returns the stream that is read. */
    public StreamLog log() {
        return log;
    }

    /** Returns the format of the frames. */
    public Dialect dialect() {
        return dialect;
    }

    /** Whether some of the answer was read. */
    public boolean begun() {
        return begun;
    }

    /** Returns the failure that came before anything of the answer, null where none did. */
    public @Nullable GatewayError refusal() {
        return refusal;
    }

    /** Whether nothing follows what was read. */
    public boolean ended() {
        return ended;
    }

    /**
     * Appends the frames that are there.
     *
     * @param maxBytes no frame begins beyond so many bytes in {@code out}
     */
    public void read(Utf8Buffer out, int maxBytes) {
        read(out, maxBytes, Long.MAX_VALUE);
    }

    /**
     * Appends the frames that are there, up to an offset.
     *
     * @param maxBytes no frame begins beyond so many bytes in {@code out}
     * @param before the first offset that is not read. A reader that was overtaken by eviction may end up behind it
     */
    public void read(Utf8Buffer out, int maxBytes, long before) {
        boolean more = true;
        while (more && !ended && out.length() < maxBytes && reader.position() < before) {
            more = (begun && sharing()) ? readShared(out, maxBytes, before) : readOwn(out);
        }
    }

    /** Returns the offset of the next event to read. Of no meaning where text is merged. */
    public long position() {
        return reader.position();
    }

    /** Stops reading. Closing twice counts once. */
    @Override
    public void close() {
        reader.close();
        if (broadcast != null) {
            broadcasts.leave(log, dialect);
            broadcast = null;
        }
    }

    private boolean sharing() {
        return log.readers() > 1 && dialect.stateless() && !merge;
    }

    private boolean readShared(Utf8Buffer out, int maxBytes, long before) {
        Broadcast shared = broadcast;
        if (shared == null) {
            shared = broadcasts.join(log, dialect);
            broadcast = shared;
        }
        Broadcast.Block block = shared.find(reader.position());
        return block == null ? readForAll(shared, out, maxBytes, before) : copy(block, out, maxBytes, before);
    }

    private boolean copy(Broadcast.Block block, Utf8Buffer out, int maxBytes, long before) {
        long next = block.copy(reader.position(), out, maxBytes, before);
        reader.skipTo(next);
        ended = block.terminal() && next == block.endOffset();
        return true;
    }

    private boolean readForAll(Broadcast shared, Utf8Buffer out, int maxBytes, long before) {
        long from = reader.position();
        Broadcast.Builder frames = new Broadcast.Builder(from);
        StreamEvent event = reader.poll();
        while (event != null && !(event instanceof StreamEvent.Reset)) {
            frames.add(encoder, event);
            ended = encoder.endsWith(event);
            event = ended || frames.length() >= maxBytes || reader.position() >= before ? null : reader.poll();
        }
        if (!frames.isEmpty()) {
            Broadcast.Block block = frames.build(ended);
            shared.publish(block);
            block.copy(from, out, Integer.MAX_VALUE);
        }
        if (event != null) {
            encode(reader.position(), event, out);
        }
        return !frames.isEmpty() || event != null;
    }

    private boolean readOwn(Utf8Buffer out) {
        StreamEvent event = carried;
        long offset = reader.position();
        if (event == null) {
            event = reader.poll();
        } else {
            offset--;
            carried = null;
        }
        if (event == null) {
            return false;
        }
        if (merge && event instanceof StreamEvent.Text text && begun) {
            mergeText(offset, text, out);
        } else {
            encode(offset, event, out);
        }
        return true;
    }

    /** Joins the text that follows at once. What ends it is carried over to the next read. */
    private void mergeText(long first, StreamEvent.Text start, Utf8Buffer out) {
        StringBuilder joined = new StringBuilder(start.content());
        long offset = first;
        int index = start.index();
        while (carried == null && joined.length() < MAX_MERGED) {
            long next = reader.position();
            StreamEvent event = reader.poll();
            if (event == null) {
                break;
            } else if (event instanceof StreamEvent.Text text) {
                joined.append(text.content());
                offset = next;
                index = text.index();
            } else {
                carried = event;
            }
        }
        encode(offset, new StreamEvent.Text(joined.toString(), index), out);
    }

    private void encode(long offset, StreamEvent event, Utf8Buffer out) {
        switch (event) {
            case StreamEvent.Text _, StreamEvent.Reasoning _, StreamEvent.ToolCallPart _, StreamEvent.Completed _ ->
                begun = true;
            case StreamEvent.Failed failed -> refusal = begun ? null : failed.error();
            case StreamEvent.Status _, StreamEvent.Reset _ -> {}
        }
        encoder.encode(offset, event, out);
        ended = encoder.endsWith(event);
    }
}
