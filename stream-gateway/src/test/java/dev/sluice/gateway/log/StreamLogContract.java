package dev.sluice.gateway.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.StreamEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every log promises, whatever it is made of. */
public abstract class StreamLogContract {

    private final CountingListener listener = new CountingListener();

    /** Returns an empty log that keeps everything this test appends. */
    protected abstract StreamLog open(ReaderListener listener);

    /** Returns an empty log that keeps about so many bytes of text. */
    protected abstract StreamLog openSmall(long maxBytes, ReaderListener listener);

    /** Counts who came and went. */
    private static final class CountingListener implements ReaderListener {

        private int came;
        private int left;
        private int room;

        @Override
        public void firstReaderCame() {
            came++;
        }

        @Override
        public void lastReaderLeft() {
            left++;
        }

        @Override
        public void roomAgain() {
            room++;
        }
    }

    @Test
    void numbersEventsDenselyFromZero() {
        StreamLog log = open(listener);

        for (long i = 0; i < 1_000; i++) {
            assertThat(log.nextOffset()).isEqualTo(i);
            assertThat(log.append(text((int) i))).isEqualTo(i);
        }
    }

    @Test
    void letsAReaderCatchUpAndThenFollowWithoutGapOrDuplicate() {
        StreamLog log = open(listener);
        appendTexts(log, 0, 700);
        LogReader reader = log.read(0, StreamLogContract::nobody);
        assertThat(readAll(reader)).containsExactlyElementsOf(texts(0, 700));

        for (int i = 700; i < 1_400; i++) {
            assertThat(reader.poll()).isNull();
            log.append(text(i));
            assertThat(reader.position()).isEqualTo(i);
            assertThat(reader.poll()).isEqualTo(text(i));
        }
        assertThat(reader.position()).isEqualTo(1_400);
    }

    @Test
    void readsFromAnyOffset() {
        StreamLog log = open(listener);
        appendTexts(log, 0, 600);

        for (int from = 0; from <= 600; from++) {
            assertThat(readAll(log.read(from, StreamLogContract::nobody))).containsExactlyElementsOf(texts(from, 600));
        }
    }

    @Test
    void refusesOffsetsOutsideTheLog() {
        StreamLog log = open(listener);
        appendTexts(log, 0, 3);

        assertThatIllegalArgumentException().isThrownBy(() -> log.read(4, StreamLogContract::nobody));
        assertThatIllegalArgumentException().isThrownBy(() -> log.read(-1, StreamLogContract::nobody));
        assertThat(listener.came).as("a refused reader never came").isZero();
    }

    @Test
    void wakesEveryReaderForEveryAppend() {
        StreamLog log = open(listener);
        AtomicInteger first = new AtomicInteger();
        AtomicInteger second = new AtomicInteger();
        log.read(0, first::incrementAndGet);
        appendTexts(log, 0, 2);
        log.read(1, second::incrementAndGet);

        appendTexts(log, 2, 5);
        log.append(end());

        assertThat(first).hasValue(6);
        assertThat(second).hasValue(4);
    }

    @Test
    void showsAnEventToWhomItWakes() {
        StreamLog log = open(listener);
        List<StreamEvent> seen = new ArrayList<>();
        List<LogReader> reader = new ArrayList<>();
        reader.add(log.read(0, () -> seen.addAll(readAll(reader.getFirst()))));

        log.append(text(0));
        log.append(end());

        assertThat(seen).containsExactly(text(0), end());
    }

    @Test
    void wakesAClosedReaderNoMore() {
        StreamLog log = open(listener);
        AtomicInteger wakes = new AtomicInteger();
        LogReader reader = log.read(0, wakes::incrementAndGet);

        reader.close();
        log.append(text(0));

        assertThat(wakes).hasValue(0);
    }

    @Test
    void endsWithTheTerminalEvent() {
        StreamLog log = open(listener);
        log.append(text(0));
        assertThat(log.ended()).isFalse();

        log.append(end());

        assertThat(log.ended()).isTrue();
        assertThat(log.nextOffset()).isEqualTo(2);
        assertThatIllegalStateException().isThrownBy(() -> log.append(text(1)));
    }

    @Test
    void staysReadableAfterItsEnd() {
        StreamLog log = open(listener);
        appendTexts(log, 0, 10);
        log.append(end());

        assertThat(readAll(log.read(9, StreamLogContract::nobody))).containsExactly(text(9), end());
        assertThat(readAll(log.read(11, StreamLogContract::nobody))).isEmpty();
    }

    @Test
    void answersAnEvictedOffsetWithOneResetAndLosesNothingAfterIt() {
        StreamLog log = openSmall(4_096, listener);
        appendTexts(log, 0, 2_000);
        log.append(end());

        LogReader reader = log.read(0, StreamLogContract::nobody);
        StreamEvent first = reader.poll();

        assertThat(first).isInstanceOf(StreamEvent.Reset.class);
        int goesOnAt = (int) reader.position();
        assertThat(first).isEqualTo(new StreamEvent.Reset(goesOnAt));
        assertThat(goesOnAt).isBetween(1, 2_000);
        List<StreamEvent> rest = readAll(reader);
        assertThat(rest.removeLast()).isEqualTo(end());
        assertThat(rest).containsExactlyElementsOf(texts(goesOnAt, 2_000));
    }

    @Test
    void resetsAReaderThatWasOvertaken() {
        StreamLog log = openSmall(4_096, listener);
        appendTexts(log, 0, 5);
        LogReader reader = log.read(0, StreamLogContract::nobody);
        assertThat(reader.poll()).isEqualTo(text(0));

        appendTexts(log, 5, 2_000);

        StreamEvent reset = reader.poll();
        int goesOnAt = (int) reader.position();
        assertThat(reset).isEqualTo(new StreamEvent.Reset(goesOnAt));
        assertThat(readAll(reader)).containsExactlyElementsOf(texts(goesOnAt, 2_000));
    }

    @Test
    void sparesAReaderWhoseOffsetIsKept() {
        StreamLog log = openSmall(4_096, listener);
        appendTexts(log, 0, 2_000);

        assertThat(readAll(log.read(1_990, StreamLogContract::nobody))).containsExactlyElementsOf(texts(1_990, 2_000));
    }

    @Test
    void keepsTheLastEventHoweverLargeItIs() {
        StreamLog log = openSmall(1_000, listener);
        appendTexts(log, 0, 100);
        StreamEvent huge = new StreamEvent.Text("x".repeat(10_000), 100);
        log.append(huge);

        assertThat(readAll(log.read(100, StreamLogContract::nobody))).containsExactly(huge);
    }

    @Test
    void tellsWhenTheFirstReaderComesAndWhenTheLastOneLeaves() {
        StreamLog log = open(listener);
        LogReader first = log.read(0, StreamLogContract::nobody);
        LogReader second = log.read(0, StreamLogContract::nobody);
        assertThat(listener.came).isEqualTo(1);

        first.close();
        assertThat(listener.left).isZero();
        second.close();
        assertThat(listener.left).isEqualTo(1);

        log.read(0, StreamLogContract::nobody).close();
        assertThat(listener.came).isEqualTo(2);
        assertThat(listener.left).isEqualTo(2);
    }

    @Test
    void tellsNothingAfterTheEnd() {
        StreamLog log = open(listener);
        LogReader reader = log.read(0, StreamLogContract::nobody);
        log.append(end());

        reader.close();
        log.read(0, StreamLogContract::nobody).close();

        assertThat(listener.came).isEqualTo(1);
        assertThat(listener.left).isZero();
    }

    @Test
    void countsAReaderThatIsClosedTwiceOnce() {
        StreamLog log = open(listener);
        LogReader first = log.read(0, StreamLogContract::nobody);
        LogReader second = log.read(0, StreamLogContract::nobody);

        first.close();
        first.close();

        assertThat(listener.left).isZero();
        second.close();
        assertThat(listener.left).isEqualTo(1);
    }

    @Test
    void isFullBeforeTheFastestReaderLosesAnything() {
        StreamLog log = openSmall(4_096, listener);
        LogReader fastest = log.read(0, StreamLogContract::nobody);
        log.read(0, StreamLogContract::nobody);
        int appended = appendUntilFull(log);

        assertThat(log.firstOffset()).isZero();
        assertThat(listener.room).isZero();
        assertThat(readAll(fastest)).containsExactlyElementsOf(texts(0, appended));
        assertThat(log.full()).isFalse();
        assertThat(listener.room).isEqualTo(1);
    }

    @Test
    void isNeverFullWhileSomebodyKeepsUp() {
        StreamLog log = openSmall(4_096, listener);
        log.read(0, StreamLogContract::nobody);
        LogReader quick = log.read(0, StreamLogContract::nobody);

        for (int i = 0; i < 2_000; i++) {
            log.append(text(i));
            assertThat(quick.poll()).isEqualTo(text(i));
            assertThat(log.full()).isFalse();
        }
        assertThat(log.firstOffset()).isPositive();
    }

    @Test
    void isNeverFullWhileNobodyReads() {
        StreamLog log = openSmall(4_096, listener);

        for (int i = 0; i < 2_000; i++) {
            log.append(text(i));
            assertThat(log.full()).isFalse();
        }
    }

    @Test
    void hasRoomAgainWhenTheReaderThatHeldItUpLeaves() {
        StreamLog log = openSmall(4_096, listener);
        LogReader slow = log.read(0, StreamLogContract::nobody);
        appendUntilFull(log);

        slow.close();

        assertThat(log.full()).isFalse();
        assertThat(listener.room).isEqualTo(1);
    }

    @Test
    void hasRoomAgainWhenAnotherReaderComesAtTheEnd() {
        StreamLog log = openSmall(4_096, listener);
        log.read(0, StreamLogContract::nobody);
        int appended = appendUntilFull(log);

        log.read(appended, StreamLogContract::nobody);

        assertThat(log.full()).isFalse();
        assertThat(listener.room).isEqualTo(1);
    }

    @Test
    void skipsWhatAReaderHasByOtherMeans() {
        StreamLog log = openSmall(4_096, listener);
        LogReader reader = log.read(0, StreamLogContract::nobody);
        int appended = appendUntilFull(log);

        reader.skipTo(appended - 1);

        assertThat(log.full()).isFalse();
        assertThat(reader.position()).isEqualTo(appended - 1);
        assertThat(readAll(reader)).containsExactly(text(appended - 1));
    }

    @Test
    void countsItsReaders() {
        StreamLog log = open(listener);
        LogReader first = log.read(0, StreamLogContract::nobody);
        LogReader second = log.read(0, StreamLogContract::nobody);
        assertThat(log.readers()).isEqualTo(2);

        first.close();
        second.close();

        assertThat(log.readers()).isZero();
    }

    private static int appendUntilFull(StreamLog log) {
        int next = (int) log.nextOffset();
        while (!log.full()) {
            assertThat(next).as("a log of 4 KB is full after fewer events").isLessThan(500);
            log.append(text(next++));
        }
        return next;
    }

    @Test
    void tellsTheFirstOffsetThatItKeeps() {
        StreamLog log = openSmall(4_096, listener);
        appendTexts(log, 0, 5);
        assertThat(log.firstOffset()).isZero();

        appendTexts(log, 5, 2_000);

        LogReader reader = log.read(0, StreamLogContract::nobody);
        assertThat(reader.poll()).isEqualTo(new StreamEvent.Reset(log.firstOffset()));
        assertThat(readAll(log.read(log.firstOffset(), StreamLogContract::nobody)))
                .containsExactlyElementsOf(texts((int) log.firstOffset(), 2_000));
    }

    /** Returns the event that these tests append at an offset. */
    protected static StreamEvent text(int offset) {
        return new StreamEvent.Text("t" + offset, offset);
    }

    /** Returns a terminal event. */
    protected static StreamEvent end() {
        return new StreamEvent.Failed(GatewayError.of(ErrorCode.CANCELLED, "The stream was aborted."), true);
    }

    private static List<StreamEvent> texts(int from, int to) {
        List<StreamEvent> all = new ArrayList<>();
        for (int i = from; i < to; i++) {
            all.add(text(i));
        }
        return all;
    }

    private static void nobody() {}

    private static void appendTexts(StreamLog log, int from, int to) {
        texts(from, to).forEach(log::append);
    }

    private static List<StreamEvent> readAll(LogReader reader) {
        List<StreamEvent> all = new ArrayList<>();
        for (StreamEvent event = reader.poll(); event != null; event = reader.poll()) {
            all.add(event);
        }
        return all;
    }
}
