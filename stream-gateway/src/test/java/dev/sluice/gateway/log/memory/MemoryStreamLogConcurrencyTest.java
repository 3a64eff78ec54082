package dev.sluice.gateway.log.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.StreamEvent;
import dev.sluice.gateway.log.LogReader;
import dev.sluice.gateway.log.StreamLog;
import dev.sluice.gateway.testing.Examples;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One writer, several readers on their own threads, and evictions amid them. */
@Timeout(60)
class MemoryStreamLogConcurrencyTest {

    private static final int ROUNDS = 20;
    private static final int READERS = 4;
    private static final int EVENTS = 20_000;
    private static final StreamEvent END =
            new StreamEvent.Failed(GatewayError.of(ErrorCode.CANCELLED, "The stream was aborted."), true);

    @Test
    void showsEveryReaderEveryKeptEventOnceAndInOrder() throws Exception {
        long seed = System.nanoTime();
        System.out.println("MemoryStreamLogConcurrencyTest seed " + seed);
        Random random = new Random(seed);
        try (ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
            for (int round = 0; round < ROUNDS; round++) {
                long maxBytes = 2_000L << random.nextInt(10);
                MemoryStreamLog log = new MemoryStreamLog(
                        Examples.generation("s1"), maxBytes, new MemoryStreamLogTest.Unwatched(), _ -> {}, () -> {});
                List<Future<Integer>> readers = new ArrayList<>();
                for (int i = 0; i < READERS; i++) {
                    long readerSeed = random.nextLong();
                    readers.add(threads.submit(() -> follow(log, new Random(readerSeed))));
                }
                for (int i = 0; i < EVENTS; i++) {
                    log.append(new StreamEvent.Text("0123456789", i));
                }
                log.append(END);

                int resets = 0;
                for (Future<Integer> reader : readers) {
                    resets += reader.get(20, TimeUnit.SECONDS);
                }
                assertThat(log.readers()).as("seed %d", seed).isZero();
                if (maxBytes >= EVENTS * 66L) {
                    assertThat(resets).as("seed %d", seed).isZero();
                }
            }
        }
    }

    @Test
    void hasAllOffsetsOnceItSaysThatItEnded() throws Exception {
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            for (int round = 0; round < 20_000; round++) {
                MemoryStreamLog log = new MemoryStreamLog(
                        Examples.generation("s1"), 1_000, new MemoryStreamLogTest.Unwatched(), _ -> {}, () -> {});
                Semaphore watching = new Semaphore(0);
                Future<Long> seen = threads.submit(() -> {
                    watching.release();
                    while (!log.ended()) {
                        Thread.onSpinWait();
                    }
                    return log.nextOffset();
                });
                watching.acquire();
                log.append(END);

                assertThat(seen.get(20, TimeUnit.SECONDS)).as("round %d", round).isEqualTo(1);
            }
        }
    }

    /** Reads to the end, and sometimes goes away and comes back where it was. Returns how often it was reset. */
    private static int follow(StreamLog log, Random random) throws InterruptedException {
        Semaphore news = new Semaphore(0);
        int resets = 0;
        long expected = random.nextLong(log.nextOffset() + 1);
        LogReader reader = log.read(expected, news::release);
        while (true) {
            assertThat(reader.position()).isEqualTo(expected);
            StreamEvent event = reader.poll();
            switch (event) {
                case null -> {
                    assertThat(news.tryAcquire(20, TimeUnit.SECONDS))
                            .as("woken")
                            .isTrue();
                    news.drainPermits();
                }
                case StreamEvent.Reset reset -> {
                    assertThat(reset.firstOffset()).isGreaterThan(expected);
                    expected = reset.firstOffset();
                    resets++;
                }
                case StreamEvent.Text text -> {
                    assertThat((long) text.index()).isEqualTo(expected);
                    expected++;
                    if (random.nextInt(1_000) == 0) {
                        reader.close();
                        news.drainPermits();
                        reader = log.read(expected, news::release);
                    }
                }
                case StreamEvent.Failed _ -> {
                    assertThat(expected).isEqualTo(EVENTS);
                    reader.close();
                    return resets;
                }
                default -> throw new AssertionError("never appended: " + event);
            }
        }
    }
}
