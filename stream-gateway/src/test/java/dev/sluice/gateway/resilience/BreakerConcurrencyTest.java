package dev.sluice.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.resilience.Breaker.Entry;
import dev.sluice.gateway.resilience.Breaker.Outcome;
import dev.sluice.gateway.resilience.BreakerState.Closed;
import dev.sluice.gateway.resilience.BreakerState.Open;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BreakerConcurrencyTest {

    private static final int THREADS = 4;
    private static final List<Outcome> OUTCOMES = List.of(Outcome.values());
    private static final int ROUNDS = 2_000;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    @Test
    void letsExactlyOneOfManyThrough() throws Exception {
        long seed = System.nanoTime();
        System.out.println("BreakerConcurrencyTest seed " + seed);
        Random random = new Random(seed);
        AtomicInteger changes = new AtomicInteger();
        Breaker breaker = new Breaker(
                new BreakerPolicy(new OpeningRule.FailuresInARow(1), PAUSE),
                () -> 0.5,
                (_, _, _) -> changes.incrementAndGet());
        int expectedChanges = 1;
        long now = random.nextLong();
        settle(breaker, 0, Outcome.FAILURE, now);

        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (int round = 0; round < ROUNDS; round++) {
                now += PAUSE.toNanos();
                Outcome outcome = OUTCOMES.get(random.nextInt(OUTCOMES.size()));

                List<Entry.Passed> passed = enterTogether(breaker, now, threads);

                assertThat(passed).as("seed %d round %d", seed, round).hasSize(1);
                settleTogether(breaker, passed.getFirst().ticket(), outcome, now, threads);
                expectedChanges += 2;
                if (outcome == Outcome.SUCCESS) {
                    assertThat(breaker.state()).isEqualTo(new Closed(0));
                    settle(breaker, 0, Outcome.FAILURE, now);
                    expectedChanges++;
                }
                assertThat(breaker.state()).isInstanceOf(Open.class);
                assertThat(changes).as("seed %d round %d", seed, round).hasValue(expectedChanges);
            }
        }
    }

    private static List<Entry.Passed> enterTogether(Breaker breaker, long now, ExecutorService threads)
            throws Exception {
        List<Entry.Passed> passed = new ArrayList<>();
        for (Future<Entry> entry : together(threads, () -> breaker.enter(now, PAUSE))) {
            if (entry.get() instanceof Entry.Passed one) {
                passed.add(one);
            }
        }
        return passed;
    }

    /** A probe settled by many threads counts once, like a stream that ends and is cancelled at the same moment. */
    private static void settleTogether(Breaker breaker, long ticket, Outcome outcome, long now, ExecutorService threads)
            throws Exception {
        for (Future<Boolean> settled : together(threads, () -> settle(breaker, ticket, outcome, now))) {
            settled.get();
        }
    }

    private static boolean settle(Breaker breaker, long ticket, Outcome outcome, long now) {
        breaker.settle(ticket, outcome, now);
        return true;
    }

    private static <T> List<Future<T>> together(ExecutorService threads, Callable<T> action) throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        List<Callable<T>> actions = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            actions.add(() -> {
                start.await(10, TimeUnit.SECONDS);
                return action.call();
            });
        }
        return threads.invokeAll(actions);
    }
}
