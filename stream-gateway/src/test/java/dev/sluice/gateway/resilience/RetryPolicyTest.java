package dev.sluice.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.generation.Milestones;
import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.testing.Configured;
import dev.sluice.gateway.testing.Examples;
import dev.sluice.provider.ChatRequest;
import io.smallrye.faulttolerance.api.ExponentialBackoff;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

    private static final RetryPolicy PATIENT =
            new RetryPolicy(1_000, seconds(1), 2, seconds(30), 0.3, Duration.ofDays(1));

    @Test
    void takesItsDefaultsFromTheAnnotations() throws Exception {
        assertThat(policy(Map.of())).isEqualTo(new RetryPolicy(3, seconds(1), 2, seconds(30), 0.3, seconds(60)));
    }

    @Test
    void letsConfigurationOverrideEveryAnnotation() throws Exception {
        assertThat(policy(Map.of(
                        "sluice.resilience.attempts", "7",
                        "sluice.resilience.backoff.base", "200ms",
                        "sluice.resilience.backoff.factor", "3",
                        "sluice.resilience.backoff.cap", "5s",
                        "sluice.resilience.backoff.jitter", "0",
                        "sluice.resilience.backoff.budget", "20s")))
                .isEqualTo(new RetryPolicy(7, Duration.ofMillis(200), 3, seconds(5), 0, seconds(20)));
    }

    @Test
    void takesTheBreakersDefaultsFromTheAnnotation() throws Exception {
        Breaker breaker = breaker(Map.of());

        failTimes(breaker, 4);
        assertThat(breaker.state()).isEqualTo(new BreakerState.Closed(4));
        failTimes(breaker, 1);
        assertThat(breaker.state()).isEqualTo(new BreakerState.Open(seconds(60).toNanos()));
    }

    @Test
    void letsConfigurationOverrideTheBreaker() throws Exception {
        Breaker breaker =
                breaker(Map.of("sluice.resilience.breaker.failures", "2", "sluice.resilience.breaker.pause", "7s"));

        failTimes(breaker, 2);

        assertThat(breaker.state()).isEqualTo(new BreakerState.Open(seconds(7).toNanos()));
    }

    @Test
    void doublesTheWaitUpToItsCap() {
        List<Duration> waits = IntStream.rangeClosed(1, 8)
                .mapToObj(made -> wait(PATIENT, made, RetryPolicyTest::middle))
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
        assertThat(wait(PATIENT, 999, RetryPolicyTest::middle)).isEqualTo(seconds(30));
    }

    @Test
    void movesTheWaitByUpToThirtyPercent() {
        assertThat(wait(PATIENT, 1, () -> 0)).isEqualTo(Duration.ofMillis(700));
        assertThat(wait(PATIENT, 1, () -> Math.nextDown(1.0)))
                .isCloseTo(Duration.ofMillis(1_300), Duration.ofNanos(10));

        long seed = System.nanoTime();
        System.out.println("RetryPolicyTest seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            assertThat(wait(PATIENT, 2, random::nextDouble))
                    .as("seed %d", seed)
                    .isBetween(Duration.ofMillis(1_400), Duration.ofMillis(2_600));
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
    void givesUpWhenTheAskedWaitExceedsWhatIsLeftOfTheBudget() throws Exception {
        RetryPolicy policy = policy(Map.of());

        assertThat(policy.nextDelay(1, seconds(40), Optional.of(seconds(20)), RetryPolicyTest::middle))
                .contains(seconds(20));
        assertThat(policy.nextDelay(1, seconds(40), Optional.of(Duration.ofMillis(20_001)), RetryPolicyTest::middle))
                .isEmpty();
        assertThat(policy.nextDelay(1, Duration.ZERO, Optional.of(Duration.ofDays(365)), RetryPolicyTest::middle))
                .isEmpty();
    }

    @Test
    void givesUpWhenItsOwnBackoffExceedsWhatIsLeftOfTheBudget() throws Exception {
        assertThat(policy(Map.of()).nextDelay(1, Duration.ofMillis(59_500), Optional.empty(), RetryPolicyTest::middle))
                .isEmpty();
    }

    @Test
    void givesUpAfterThreeAttempts() throws Exception {
        RetryPolicy policy = policy(Map.of());

        assertThat(policy.nextDelay(2, Duration.ZERO, Optional.empty(), RetryPolicyTest::middle))
                .isPresent();
        assertThat(policy.nextDelay(3, Duration.ZERO, Optional.empty(), RetryPolicyTest::middle))
                .isEmpty();
    }

    private static Duration wait(RetryPolicy policy, int attemptsMade, DoubleSupplier random) {
        return policy.nextDelay(attemptsMade, Duration.ZERO, Optional.empty(), random)
                .orElseThrow();
    }

    private static void failTimes(Breaker breaker, int times) {
        for (int i = 0; i < times; i++) {
            breaker.settle(0, Breaker.Outcome.FAILURE, 0);
        }
    }

    private static RetryPolicy policy(Map<String, String> properties) throws Exception {
        return RetryPolicy.of(
                open().getAnnotation(Retry.class),
                open().getAnnotation(ExponentialBackoff.class),
                Configured.with(ResilienceConfig.class, properties));
    }

    private static Breaker breaker(Map<String, String> properties) throws Exception {
        return new Breakers(Configured.with(ResilienceConfig.class, properties), new Milestones(List.of()))
                .of(Examples.target("one"), open().getAnnotation(CircuitBreaker.class));
    }

    private static Method open() throws NoSuchMethodException {
        return GuardedStream.class.getDeclaredMethod("open", Target.class, ChatRequest.class, AttemptObserver.class);
    }

    /** No jitter at all. */
    private static double middle() {
        return 0.5;
    }

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }
}
