package dev.sluice.gateway.transport;

import dev.sluice.gateway.dialect.Dialect;
import dev.sluice.gateway.dialect.StreamEncoder;
import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.generation.ErrorCode;
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

    private static final GatewayError GONE =
            GatewayError.of(ErrorCode.GONE, "This part of the stream is no longer kept.");
    private static final int MAX_MERGED = 16 * 1_024;

    private final StreamLog log;
    private final Dialect dialect;
    private final StreamEncoder encoder;
    private final Broadcasts broadcasts;
    private final boolean merge;
    private final boolean refusable;
    private final LogReader reader;
    private @Nullable Broadcast broadcast;
    private @Nullable StreamEvent carried;
    private @Nullable GatewayError refusal;
    private byte @Nullable [] large;
    private int largeAt;
    private int largeEnd;
    private boolean largeIsLast;
    private boolean begun;
    private boolean ended;

    /**
     * @param from the first offset to read
     * @param refusable whether somebody asks for {@link #begun} and {@link #refusal}
     * @param merge whether text that can be read at once becomes one event, with the offset of its last part
     * @param wake told of news, on the writer's thread
     */
    FrameReader(
            StreamLog log,
            long from,
            Dialect dialect,
            boolean refusable,
            boolean merge,
            Broadcasts broadcasts,
            Runnable wake) {
        this.log = log;
        this.dialect = dialect;
        this.encoder = dialect.encoder(log.info());
        this.broadcasts = broadcasts;
        this.refusable = refusable;
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

    /** Returns what came in place of an answer, null where nothing did. */
    public @Nullable GatewayError refusal() {
        return refusal;
    }

    /** Whether nothing follows what was read. */
    public boolean ended() {
        return ended;
    }

    /**
     * Appends the bytes that are there. A frame that is larger than {@code maxBytes} may come in pieces.
     *
     * @param maxBytes nothing is begun beyond so many bytes in {@code out}
     */
    public void read(Utf8Buffer out, int maxBytes) {
        takeLarge(out, maxBytes);
        read(out, maxBytes, Long.MAX_VALUE, maxBytes);
        takeLarge(out, maxBytes);
    }

    /**
     * Appends the whole frames that are there, up to an offset. Not to be mixed with the other way to read.
     *
     * @param maxBytes no frame begins beyond so many bytes in {@code out}
     * @param before the first offset that is not read. A reader that was overtaken by eviction may end up behind it
     */
    public void read(Utf8Buffer out, int maxBytes, long before) {
        read(out, maxBytes, before, Integer.MAX_VALUE);
    }

    private void read(Utf8Buffer out, int maxBytes, long before, int largest) {
        boolean more = large == null;
        while (more && !ended && out.length() < maxBytes && reader.position() < before) {
            boolean shared = carried == null && (begun || !refusable) && sharing();
            more = shared ? readShared(out, maxBytes, before, largest) : readOwn(out);
        }
    }

    /** Goes on with a frame that is shared by many and too large to be copied for each of them. */
    private void takeLarge(Utf8Buffer out, int maxBytes) {
        byte[] frame = large;
        if (frame != null && out.length() < maxBytes) {
            int count = Math.min(maxBytes - out.length(), largeEnd - largeAt);
            out.raw(frame, largeAt, count);
            largeAt += count;
            if (largeAt == largeEnd) {
                large = null;
                ended = largeIsLast;
            }
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

    private boolean readShared(Utf8Buffer out, int maxBytes, long before, int largest) {
        Broadcast shared = broadcast;
        if (shared == null) {
            shared = broadcasts.join(log, dialect);
            broadcast = shared;
        }
        long from = reader.position();
        Broadcast.Block found = shared.find(from);
        if (found != null) {
            reader.skipTo(deliver(found, from, out, maxBytes, before, largest));
            return large == null;
        }
        Broadcast.Block own = encodeForAll(from, maxBytes, before);
        if (own == null) {
            return carried != null;
        }
        shared.publish(own);
        deliver(own, from, out, Integer.MAX_VALUE, before, largest);
        return large == null;
    }

    /** Returns the offset after what was appended, or after the large frame that is begun. */
    private long deliver(Broadcast.Block block, long from, Utf8Buffer out, int maxBytes, long before, int largest) {
        long next = block.copy(from, out, maxBytes, before, largest);
        boolean last = block.terminal() && next + 1 == block.endOffset();
        if (block.holds(next) && block.size(next) > largest && next < before) {
            large = block.bytes();
            largeAt = block.start(next);
            largeEnd = largeAt + block.size(next);
            largeIsLast = last;
            return next + 1;
        }
        ended = block.terminal() && next == block.endOffset();
        return next;
    }

    /** Moves the reader behind the block, which is never more than one frame larger than wanted. */
    private Broadcast.@Nullable Block encodeForAll(long from, int maxBytes, long before) {
        Broadcast.Builder frames = new Broadcast.Builder(from);
        boolean last = false;
        StreamEvent event = reader.poll();
        while (event != null && !(event instanceof StreamEvent.Reset)) {
            frames.add(encoder, event);
            last = encoder.endsWith(event);
            event = last || frames.length() >= maxBytes || reader.position() >= before ? null : reader.poll();
        }
        carried = event;
        return frames.isEmpty() ? null : frames.build(last);
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
            case StreamEvent.Reset _ -> refusal = begun || !encoder.endsWith(event) ? null : GONE;
            case StreamEvent.Status _ -> {}
        }
        encoder.encode(offset, event, out);
        ended = encoder.endsWith(event);
    }
}
