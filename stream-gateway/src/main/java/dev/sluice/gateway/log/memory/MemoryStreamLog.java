package dev.sluice.gateway.log.memory;

import dev.sluice.gateway.generation.GenerationInfo;
import dev.sluice.gateway.generation.Session;
import dev.sluice.gateway.generation.StreamEvent;
import dev.sluice.gateway.log.LogReader;
import dev.sluice.gateway.log.ReaderListener;
import dev.sluice.gateway.log.StreamLog;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A list of segments. The writer publishes by one volatile store of {@link #nextOffset}; readers never lock and never write
 * anything that the writer reads.
 */
final class MemoryStreamLog implements StreamLog {

    private static final int FIRST_CAPACITY = 8;
    private static final int MAX_CAPACITY = 256;
    private static final long EVENT_OVERHEAD_BYTES = 56;

    private final GenerationInfo info;
    private final Session session = new Session();
    private final long maxBytes;
    private final long maxSegmentBytes;
    private final LongConsumer sizeChanged;
    private final Runnable whenEnded;
    private final AtomicInteger readerCount = new AtomicInteger();
    private final AtomicBoolean full = new AtomicBoolean();
    private final CopyOnWriteArrayList<Reader> readers = new CopyOnWriteArrayList<>();
    /** Let go of at the end, since it knows the generation, and the log is kept longer than that. */
    private volatile @Nullable ReaderListener listener;

    private volatile Segment head;
    private Segment tail;
    private long bytes;
    private volatile long nextOffset;
    private volatile boolean ended;
    /** What all segments but the last hold, evicted or not. */
    private volatile long sealedBytes;

    /**
     * @param maxBytes beyond this the oldest segments go
     * @param listener told when readers come and go, until the end
     * @param sizeChanged told by how many bytes the log grew or shrank
     * @param whenEnded run once, after the terminal event
     */
    MemoryStreamLog(
            GenerationInfo info, long maxBytes, ReaderListener listener, LongConsumer sizeChanged, Runnable whenEnded) {
        this.info = info;
        this.maxBytes = maxBytes;
        this.maxSegmentBytes = maxBytes / 8;
        this.listener = listener;
        this.sizeChanged = sizeChanged;
        this.whenEnded = whenEnded;
        this.tail = new Segment(0, 0, FIRST_CAPACITY);
        this.head = tail;
    }

    @Override
    public GenerationInfo info() {
        return info;
    }

    @Override
    public Session session() {
        return session;
    }

    @Override
    public long append(StreamEvent event) {
        if (ended) {
            throw new IllegalStateException("the stream has ended");
        }
        long offset = nextOffset;
        if (offset == tail.endOffset() || tail.bytes >= maxSegmentBytes) {
            extend(offset);
        }
        long size = EVENT_OVERHEAD_BYTES + textBytes(event);
        tail.put(offset, event, size);
        grow(size, !event.terminal());
        nextOffset = offset + 1;
        // In this order: who sees the end sees every offset too.
        ended = event.terminal();
        for (Reader reader : readers) {
            reader.wake.run();
        }
        if (ended) {
            listener = null;
            whenEnded.run();
        }
        return offset;
    }

    /** Segments stay small beside the log's bound, since they are evicted whole and the last one never is. */
    private void extend(long offset) {
        long events = offset - tail.firstOffset;
        Segment following = new Segment(
                offset, tail.bytesBefore + tail.bytes, Math.clamp(2 * events, FIRST_CAPACITY, MAX_CAPACITY));
        tail.seal(offset);
        tail.link(following);
        tail = following;
        sealedBytes = tail.bytesBefore;
        if (allAreBehind(maxBytes / 2)) {
            full.set(true);
            // A reader that caught up just before could not know that it has to tell.
            if (!allAreBehind(maxBytes / 2)) {
                full.set(false);
            }
        }
    }

    /** Whether somebody reads and nobody is nearer to the end than so many bytes, counted in whole segments. */
    private boolean allAreBehind(long lag) {
        boolean any = false;
        for (Reader reader : readers) {
            if (sealedBytes - reader.bytesRead < lag) {
                return false;
            }
            any = true;
        }
        return any;
    }

    @Override
    public long nextOffset() {
        return nextOffset;
    }

    @Override
    public long firstOffset() {
        return head.firstOffset;
    }

    @Override
    public boolean ended() {
        return ended;
    }

    @Override
    public int readers() {
        return readerCount.get();
    }

    @Override
    public boolean full() {
        return full.get();
    }

    @Override
    public LogReader read(long from, Runnable wake) {
        if (from < 0 || from > nextOffset) {
            throw new IllegalArgumentException("no such offset");
        }
        Reader reader = new Reader(from, wake);
        readers.add(reader);
        if (readerCount.getAndIncrement() == 0) {
            tell(ReaderListener::firstReaderCame);
        }
        tellOfRoom();
        return reader;
    }

    /** Returns what the log holds now, in bytes. For the writer's thread, or after the end. */
    long bytes() {
        return bytes;
    }

    /** The last event repeats the text: nothing of the text goes to make room for it. */
    private void grow(long size, boolean evict) {
        long before = bytes;
        bytes += size;
        while (evict && bytes > maxBytes && head != tail) {
            Segment oldest = head;
            Segment following = oldest.next();
            if (following == null) {
                break;
            }
            head = following;
            bytes -= oldest.bytes;
            oldest.evict();
        }
        sizeChanged.accept(bytes - before);
    }

    private static long textBytes(StreamEvent event) {
        return switch (event) {
            case StreamEvent.Text text -> textBytes(text.content());
            case StreamEvent.Reasoning reasoning -> textBytes(reasoning.content());
            case StreamEvent.ToolCallPart part -> textBytes(part.arguments());
            case StreamEvent.Completed completed ->
                textBytes(completed.answer().text())
                        + textBytes(completed.answer().reasoning())
                        + completed.answer().toolCalls().stream()
                                .mapToLong(call -> textBytes(call.arguments()))
                                .sum();
            case StreamEvent.Status _, StreamEvent.Failed _, StreamEvent.Reset _ -> 0;
        };
    }

    /** A string that fits in Latin-1 takes a byte for a character, any other two. */
    private static long textBytes(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) > 0xFF) {
                return 2L * length;
            }
        }
        return length;
    }

    private void tell(Consumer<ReaderListener> news) {
        ReaderListener told = listener;
        if (told != null) {
            news.accept(told);
        }
    }

    /** Lets the writer go on once a reader is near the end, or nobody reads. For readers' threads. */
    private void tellOfRoom() {
        if (full.get() && !allAreBehind(maxBytes / 4) && full.compareAndSet(true, false)) {
            tell(ReaderListener::roomAgain);
        }
    }

    private final class Reader implements LogReader {

        private final Runnable wake;
        private final AtomicBoolean closed = new AtomicBoolean();
        private long position;
        private Segment segment;
        private volatile long bytesRead;

        Reader(long from, Runnable wake) {
            this.wake = wake;
            this.position = from;
            this.segment = head;
            this.bytesRead = segment.bytesBefore;
            if (from > 0) {
                at(from - 1);
            }
        }

        @Override
        public @Nullable StreamEvent poll() {
            if (position >= nextOffset) {
                return null;
            }
            StreamEvent event = at(position);
            while (event == null) {
                moveTo(head);
                if (position < segment.firstOffset) {
                    position = segment.firstOffset;
                    return new StreamEvent.Reset(position);
                }
                event = at(position);
            }
            position++;
            return event;
        }

        /** Walks forward to a published offset; null where the way there was evicted. */
        private @Nullable StreamEvent at(long offset) {
            Segment here = segment;
            while (offset >= here.endOffset()) {
                Segment following = here.next();
                if (following == null) {
                    return null;
                }
                here = following;
            }
            if (here != segment) {
                moveTo(here);
            }
            return offset < here.firstOffset ? null : here.get(offset);
        }

        private void moveTo(Segment here) {
            segment = here;
            bytesRead = here.bytesBefore;
            tellOfRoom();
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public void skipTo(long offset) {
            if (offset > position) {
                position = offset;
                at(offset - 1);
            }
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                readers.remove(this);
                tellOfRoom();
                if (readerCount.decrementAndGet() == 0) {
                    tell(ReaderListener::lastReaderLeft);
                }
            }
        }
    }
}
