package dev.sluice.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

    private static final RetryPolicy PATIENT =
            new RetryPolicy(1_000, seconds(1), 2, seconds(30), 0.3, Duration.ofDays(1));
    private static final RetryPolicy THREE_ATTEMPTS = new RetryPolicy(3, seconds(1), 2, seconds(30), 0.3, seconds(60));

    @Test
    void doublesTheWaitUpToItsCap() {
        RetryPolicy plain = new RetryPolicy(1_000, seconds(1), 2, seconds(30), 0, Duration.ofDays(1));
        List<Duration> waits = IntStream.rangeClosed(1, 8)
                .mapToObj(made -> wait(plain, made, RetryPolicyTest::middle))
                .toList();

        assertThat(waits)
                .containsExactly(
                        seconds(1),
                        seconds(2),
                        seconds(4),
                        seconds(8),
                        seconds(16),
                        seconds(30),
                        seconds(30),
                        seconds(30));
        assertThat(wait(plain, 999, RetryPolicyTest::middle)).isEqualTo(seconds(30));
    }

    @Test
    void movesTheWaitByUpToThirtyPercent() {
        assertThat(wait(PATIENT, 1, () -> 0)).isEqualTo(Duration.ofMillis(700));
        assertThat(wait(PATIENT, 1, () -> Math.nextDown(1.0)))
                .isCloseTo(Duration.ofMillis(1_300), Duration.ofNanos(10));
    }

    @Test
    void spreadsTheLongestWaitsBelowTheCap() {
        assertThat(wait(PATIENT, 6, () -> 0)).isEqualTo(seconds(21));
        assertThat(wait(PATIENT, 6, RetryPolicyTest::middle)).isEqualTo(Duration.ofMillis(25_500));
        assertThat(wait(PATIENT, 6, () -> Math.nextDown(1.0))).isBetween(Duration.ofMillis(29_999), seconds(30));
    }

    @Test
    void waitsAlwaysWithinWhatIsDocumented() {
        long seed = System.nanoTime();
        System.out.println("RetryPolicyTest seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            double jitter = random.nextInt(11) / 10.0;
            Duration base = Duration.ofMillis(1 + random.nextInt(5_000));
            Duration cap = base.plusMillis(random.nextInt(60_000));
            int factor = 1 + random.nextInt(4);
            RetryPolicy policy = new RetryPolicy(100, base, factor, cap, jitter, Duration.ofDays(1));
            int made = 1 + random.nextInt(99);

            double middle = Math.min(base.toMillis() * Math.pow(factor, made - 1), (double) cap.toMillis());
            double waited = wait(policy, made, random::nextDouble).toNanos() / 1e6;

            assertThat(waited)
                    .as("seed %d: %s after %d", seed, policy, made)
                    .isBetween(
                            middle * (1 - jitter) - 1e-3,
                            Math.min(middle * (1 + jitter), (double) cap.toMillis()) + 1e-3);
        }
    }

    @Test
    void honoursALongerWaitThatTheProviderAsksFor() {
        assertThat(PATIENT.nextDelay(1, Duration.ZERO, Optional.of(seconds(17)), RetryPolicyTest::middle))
                .contains(seconds(17));
    }

    @Test
    void neverComesBackSoonerThanItsOwnBackoff() {
        assertThat(PATIENT.nextDelay(3, Duration.ZERO, Optional.of(Duration.ZERO), RetryPolicyTest::middle))
                .contains(seconds(4));
    }

    @Test
    void givesUpWhenTheAskedWaitExceedsWhatIsLeftOfTheBudget() {
        assertThat(THREE_ATTEMPTS.nextDelay(1, seconds(40), Optional.of(seconds(20)), RetryPolicyTest::middle))
                .contains(seconds(20));
        assertThat(THREE_ATTEMPTS.nextDelay(
                        1, seconds(40), Optional.of(Duration.ofMillis(20_001)), RetryPolicyTest::middle))
                .isEmpty();
        assertThat(THREE_ATTEMPTS.nextDelay(
                        1, Duration.ZERO, Optional.of(Duration.ofDays(365)), RetryPolicyTest::middle))
                .isEmpty();
    }

    @Test
    void givesUpWhenItsOwnBackoffExceedsWhatIsLeftOfTheBudget() {
        assertThat(THREE_ATTEMPTS.nextDelay(1, Duration.ofMillis(59_500), Optional.empty(), RetryPolicyTest::middle))
                .isEmpty();
    }

    @Test
    void givesUpAfterThreeAttempts() {
        assertThat(THREE_ATTEMPTS.nextDelay(2, Duration.ZERO, Optional.empty(), RetryPolicyTest::middle))
                .isPresent();
        assertThat(THREE_ATTEMPTS.nextDelay(3, Duration.ZERO, Optional.empty(), RetryPolicyTest::middle))
                .isEmpty();
    }

    private static Duration wait(RetryPolicy policy, int attemptsMade, DoubleSupplier random) {
        return policy.nextDelay(attemptsMade, Duration.ZERO, Optional.empty(), random)
                .orElseThrow();
    }

    /** No jitter at all. */
    private static double middle() {
        return 0.5;
    }

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }
}
