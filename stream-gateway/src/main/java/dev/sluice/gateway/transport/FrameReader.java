package dev.sluice.gateway.transport;

import dev.sluice.gateway.dialect.Dialect;
import dev.sluice.gateway.dialect.StreamEncoder;
import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.StreamEvent;
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

    private final StreamLog log;
    private final Dialect dialect;
    private final StreamEncoder encoder;
    private final Broadcasts broadcasts;
    private final boolean merge;
    private final boolean refusable;
    private final EventCursor events;
    private final LargeFrame large = new LargeFrame();
    private @Nullable Broadcast broadcast;
    private @Nullable GatewayError refusal;
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
        this.events = new EventCursor(log.read(from, wake));
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
        ended |= large.take(out, maxBytes);
        read(out, maxBytes, Long.MAX_VALUE, maxBytes);
        ended |= large.take(out, maxBytes);
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

    /** @param largest a shared frame with more bytes is begun instead of appended, and ends the reading for now */
    private void read(Utf8Buffer out, int maxBytes, long before, int largest) {
        boolean more = !large.pending();
        while (more && !ended && out.length() < maxBytes && events.position() < before) {
            boolean shared = !events.holds() && (begun || !refusable) && sharing();
            more = shared ? readShared(out, maxBytes, before, largest) : readOwn(out);
        }
    }

    /** Returns the offset of the next event to read. Of no meaning where text is merged. */
    public long position() {
        return events.position();
    }

    /** Stops reading. Closing twice counts once. */
    @Override
    public void close() {
        events.close();
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
        long from = events.position();
        Broadcast.Block found = shared.find(from);
        if (found != null) {
            events.skipTo(deliver(found, from, out, maxBytes, before, largest));
            return !large.pending();
        }
        Broadcast.Block own = encodeForAll(from, maxBytes, before);
        if (own == null) {
            return events.holds();
        }
        shared.publish(own);
        deliver(own, from, out, Integer.MAX_VALUE, before, largest);
        return !large.pending();
    }

    /** Returns the offset after what was appended, or after the large frame that is begun. */
    private long deliver(Broadcast.Block block, long from, Utf8Buffer out, int maxBytes, long before, int largest) {
        long next = block.copy(from, out, maxBytes, before, largest);
        if (block.holds(next) && block.size(next) > largest && next < before) {
            large.begin(block, next);
            return next + 1;
        }
        ended = block.terminal() && next == block.endOffset();
        return next;
    }

    /** Moves the reader behind the block, which is never more than one frame larger than wanted. */
    private Broadcast.@Nullable Block encodeForAll(long from, int maxBytes, long before) {
        Broadcast.Builder frames = new Broadcast.Builder(from);
        boolean last = false;
        StreamEvent event = events.poll();
        while (event != null && !(event instanceof StreamEvent.Reset)) {
            frames.add(encoder, event);
            last = encoder.endsWith(event);
            event = last || frames.length() >= maxBytes || events.position() >= before ? null : events.poll();
        }
        if (event != null) {
            // A reset is this reader's own affair.
            events.giveBack(event);
        }
        return frames.isEmpty() ? null : frames.build(last);
    }

    private boolean readOwn(Utf8Buffer out) {
        StreamEvent event = merge && begun ? events.pollMerged() : events.poll();
        if (event == null) {
            return false;
        }
        encode(events.offset(), event, out);
        return true;
    }

    private void encode(long offset, StreamEvent event, Utf8Buffer out) {
        switch (event) {
            case StreamEvent.Text _, StreamEvent.Reasoning _, StreamEvent.ToolCallPart _, StreamEvent.Completed _ ->
                begun = true;
            case StreamEvent.Failed failed -> refuse(failed.error());
            case StreamEvent.Reset reset -> refuse(encoder.endsWith(event) ? reset.error() : null);
            case StreamEvent.Status _ -> {}
        }
        encoder.encode(offset, event, out);
        ended = encoder.endsWith(event);
    }

    private void refuse(@Nullable GatewayError error) {
        refusal = begun || error == null || !dialect.refusesBy(error) ? null : error;
    }
}
