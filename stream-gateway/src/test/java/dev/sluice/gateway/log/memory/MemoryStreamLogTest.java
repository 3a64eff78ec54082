package dev.sluice.gateway.log.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.generation.StreamEvent;
import dev.sluice.gateway.log.LogReader;
import dev.sluice.gateway.log.ReaderListener;
import dev.sluice.gateway.log.StreamLog;
import dev.sluice.gateway.log.StreamLogContract;
import dev.sluice.gateway.testing.Examples;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MemoryStreamLogTest extends StreamLogContract {

    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger ends = new AtomicInteger();

    @Override
    protected StreamLog open(ReaderListener listener) {
        return openSmall(1_000_000, listener);
    }

    @Override
    protected StreamLog openSmall(long maxBytes, ReaderListener listener) {
        return new MemoryStreamLog(
                Examples.generation("s1"), maxBytes, listener, bytes::addAndGet, ends::incrementAndGet);
    }

    @Test
    void accountsForWhatItHolds() {
        MemoryStreamLog log = (MemoryStreamLog) openSmall(4_096, new Unwatched());
        for (int i = 0; i < 5_000; i++) {
            log.append(text(i));
            assertThat(bytes).hasValue(log.bytes());
        }
        log.append(end());

        assertThat(bytes).hasValue(log.bytes());
    }

    @Test
    void countsExactlyWhatItKeeps() {
        MemoryStreamLog log = (MemoryStreamLog) openSmall(100_000, new Unwatched());
        log.append(new StreamEvent.Text("0123456789", 0));
        long bytesOfOne = log.bytes();
        for (int i = 1; i < 20_000; i++) {
            log.append(new StreamEvent.Text("0123456789", i));
        }

        LogReader reader = log.read(0, () -> {});
        assertThat(reader.poll()).isInstanceOf(StreamEvent.Reset.class);

        assertThat(log.bytes()).isEqualTo((log.nextOffset() - reader.position()) * bytesOfOne);
    }

    @Test
    void staysNearItsBoundAndKeepsMostOfIt() {
        MemoryStreamLog log = (MemoryStreamLog) openSmall(100_000, new Unwatched());
        for (int i = 0; i < 20_000; i++) {
            log.append(new StreamEvent.Text("0123456789", i));
            assertThat(log.bytes()).isLessThanOrEqualTo(100_000);
        }

        assertThat(log.bytes()).isGreaterThan(70_000);
    }

    @Test
    void tellsItsEndOnce() {
        StreamLog log = open(new Unwatched());
        log.append(text(0));
        assertThat(ends).hasValue(0);

        log.append(end());

        assertThat(ends).hasValue(1);
    }

    /** Nobody cares who reads. */
    static final class Unwatched implements ReaderListener {

        @Override
        public void firstReaderCame() {}

        @Override
        public void lastReaderLeft() {}

        @Override
        public void roomAgain() {}
    }
}
