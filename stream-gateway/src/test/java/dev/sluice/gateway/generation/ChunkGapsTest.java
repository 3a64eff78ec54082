package dev.sluice.gateway.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ChunkGapsTest {

    private static final long MILLI = 1_000_000;

    private final ChunkGaps.Recorder recorder = new ChunkGaps.Recorder();

    @Test
    void countsAGapUnderTheFirstBoundThatHoldsIt() {
        for (int bucket = 0; bucket < ChunkGaps.bounds().size(); bucket++) {
            long bound = ChunkGaps.bounds().get(bucket) * MILLI;
            assertThat(bucketOf(bound)).as("exactly the bound").isEqualTo(bucket);
            assertThat(bucketOf(bound + 1)).as("a nanosecond more").isEqualTo(bucket + 1);
        }
    }

    @Test
    void countsNoGapAtAllAsTheShortest() {
        assertThat(bucketOf(0)).isZero();
    }

    @Test
    void countsWhatIsLongerThanEveryBoundApart() {
        assertThat(bucketOf(Long.MAX_VALUE)).isEqualTo(ChunkGaps.bounds().size());
    }

    @Test
    void remembersTheLongest() {
        LongStream.of(3, 90, 7).forEach(millis -> recorder.record(millis * MILLI));

        assertThat(recorder.snapshot().maxNanos()).isEqualTo(90 * MILLI);
        assertThat(recorder.snapshot().counts().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(3);
    }

    @Test
    void startsWithNothing() {
        assertThat(recorder.snapshot().maxNanos()).isZero();
        assertThat(recorder.snapshot().counts()).hasSize(14).containsOnly(0L);
    }

    @Test
    void keepsASnapshotAsItWas() {
        ChunkGaps before = recorder.snapshot();

        recorder.record(MILLI);

        assertThat(before.counts()).containsOnly(0L);
    }

    private static int bucketOf(long nanos) {
        ChunkGaps.Recorder one = new ChunkGaps.Recorder();
        one.record(nanos);
        return one.snapshot().counts().indexOf(1L);
    }
}
