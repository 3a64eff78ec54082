package dev.sluice.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class MemoryShareTest {

    @Test
    void givesNoMoreThanThereIsAndNothingOfWhatDoesNotFit() {
        MemoryShare share = new MemoryShare(10);

        assertThat(share.take(7)).isTrue();
        assertThat(share.take(4)).isFalse();
        assertThat(share.left()).isEqualTo(3);
        assertThat(share.take(3)).isTrue();

        share.giveBack(7);
        assertThat(share.taken()).isEqualTo(3);
    }

    /** Never more than there is, and in the end nothing. The seed is in the message of a failure. */
    @Test
    void manyThreadsNeverTakeMoreThanThereIs() throws InterruptedException {
        long seed = System.nanoTime();
        MemoryShare scarce = new MemoryShare(1_000);
        List<Callable<Void>> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Random random = new Random(seed + i);
            threads.add(() -> {
                for (int round = 0; round < 20_000; round++) {
                    takeAndGiveBack(scarce, 1 + random.nextInt(700));
                }
                return null;
            });
        }
        try (ExecutorService pool = Executors.newFixedThreadPool(threads.size())) {
            for (Future<Void> thread : pool.invokeAll(threads)) {
                assertThat(thread).as("seed %d", seed).succeedsWithin(Duration.ofSeconds(20));
            }
        }

        assertThat(scarce.taken()).as("seed %d", seed).isZero();
    }

    private static void takeAndGiveBack(MemoryShare memory, long bytes) {
        if (memory.take(bytes)) {
            long taken = memory.taken();
            memory.giveBack(bytes);
            assertThat(taken).isBetween(bytes, 1_000L);
        }
    }
}
