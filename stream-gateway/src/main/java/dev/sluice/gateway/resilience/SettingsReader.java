package dev.sluice.gateway.resilience;

import dev.sluice.gateway.resilience.OpeningRule.FailureRatio;
import dev.sluice.gateway.resilience.OpeningRule.FailuresInARow;
import dev.sluice.gateway.resilience.ResilienceConfig.BackoffConfig;
import dev.sluice.gateway.resilience.ResilienceConfig.BreakerConfig;
import dev.sluice.gateway.resilience.ResilienceConfig.Overrides;
import dev.sluice.gateway.resilience.ResilienceConfig.ProviderClocks;
import dev.sluice.gateway.resilience.ResilienceConfig.TimeoutConfig;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Lays settings over others; a mistake stops the start with one sentence that names the property. */
final class SettingsReader {

    private static final int MOST_ATTEMPTS = 100;
    private static final int MOST_CALLS = 1_000_000;
    private static final int LARGEST_WINDOW = 1_024;
    private static final int LARGEST_FACTOR = 100;
    private static final Duration LONGEST = Duration.ofDays(1);

    /** Where only a ratio is named: so many calls, and at least so many of them. */
    private static final int WINDOW = 20;

    private static final int MINIMUM_CALLS = 10;

    private final String prefix;

    /**
     * @param prefix of the properties, with the dot at its end
     */
    SettingsReader(String prefix) {
        this.prefix = prefix;
    }

    /** Returns what is set here, and what is below where nothing is. */
    GuardSettings read(Overrides set, GuardSettings below) {
        return new GuardSettings(
                retry(set.attempts(), set.backoff(), below.retry()),
                breaker(set.breaker(), below.breaker()),
                clocks(set.timeouts(), below.clocks()));
    }

    /** The same for a provider, which has some clocks of its own. */
    GuardSettings read(ProviderClocks set, GuardSettings below) {
        StreamClocks clocks = providerClocks(set, below.clocks());
        return new GuardSettings(below.retry(), below.breaker(), clocks);
    }

    private RetryPolicy retry(OptionalInt attempts, BackoffConfig set, RetryPolicy below) {
        RetryPolicy policy = new RetryPolicy(
                whole("attempts", attempts, below.maxAttempts(), MOST_ATTEMPTS),
                duration("backoff.base", set.base(), below.base()),
                whole("backoff.factor", set.factor(), below.factor(), LARGEST_FACTOR),
                duration("backoff.cap", set.cap(), below.cap()),
                set.jitter().orElse(below.jitter()),
                duration("backoff.budget", set.budget(), below.budget()));
        require(policy.jitter() >= 0 && policy.jitter() <= 1, "backoff.jitter must be from 0 to 1.");
        require(
                policy.cap().compareTo(policy.base()) >= 0,
                "backoff.cap must not be shorter than backoff.base; they are " + seconds(policy.cap()) + " and "
                        + seconds(policy.base()) + ".");
        return policy;
    }

    private BreakerPolicy breaker(BreakerConfig set, BreakerPolicy below) {
        return new BreakerPolicy(rule(set, below.rule()), duration("breaker.pause", set.pause(), below.pause()));
    }

    private OpeningRule rule(BreakerConfig set, OpeningRule below) {
        boolean aboutRatio = set.failureRatio().isPresent()
                || set.window().isPresent()
                || set.minimumCalls().isPresent();
        require(
                !aboutRatio || set.failures().isEmpty(),
                "breaker.failures counts failures in a row; it cannot stand together with failure-ratio, window or"
                        + " minimum-calls.");
        if (set.failures().isPresent()) {
            return new FailuresInARow(whole("breaker.failures", set.failures(), 1, MOST_CALLS));
        }
        return aboutRatio ? ratio(set, below) : below;
    }

    private OpeningRule ratio(BreakerConfig set, OpeningRule below) {
        return switch (below) {
            case FailuresInARow _ -> {
                require(
                        set.failureRatio().isPresent(),
                        "breaker.failure-ratio is missing; window and minimum-calls mean nothing without it.");
                yield ratio(set, OptionalDouble.empty(), WINDOW, MINIMUM_CALLS);
            }
            case FailureRatio known ->
                ratio(set, OptionalDouble.of(known.ratio()), known.window(), known.minimumCalls());
        };
    }

    private OpeningRule ratio(BreakerConfig set, OptionalDouble ratioBelow, int windowBelow, int minimumBelow) {
        double ratio = set.failureRatio().orElseGet(ratioBelow::orElseThrow);
        require(ratio > 0 && ratio <= 1, "breaker.failure-ratio must be above 0 and at most 1.");
        int window = whole("breaker.window", set.window(), windowBelow, LARGEST_WINDOW);
        int minimumCalls =
                whole("breaker.minimum-calls", set.minimumCalls(), Math.min(minimumBelow, window), LARGEST_WINDOW);
        require(
                minimumCalls <= window,
                "breaker.minimum-calls must not be above breaker.window; they are " + minimumCalls + " and " + window
                        + ".");
        return new FailureRatio(ratio, window, minimumCalls);
    }

    private StreamClocks clocks(TimeoutConfig set, StreamClocks below) {
        StreamClocks clocks = providerClocks(set, below);
        return new StreamClocks(
                clocks.firstChunk(),
                clocks.wholeAnswer(),
                clocks.idle(),
                duration("timeouts.total", set.total(), below.total()));
    }

    private StreamClocks providerClocks(ProviderClocks set, StreamClocks below) {
        return new StreamClocks(
                duration("timeouts.first-chunk", set.firstChunk(), below.firstChunk()),
                set.wholeAnswer().isPresent()
                        ? duration("timeouts.whole-answer", set.wholeAnswer(), below.firstChunk())
                        : below.wholeAnswer(),
                duration("timeouts.idle", set.idle(), below.idle()),
                below.total());
    }

    private int whole(String property, OptionalInt set, int below, int most) {
        int value = set.orElse(below);
        require(value >= 1 && value <= most, property + " must be from 1 to " + most + ".");
        return value;
    }

    private Duration duration(String property, Optional<Duration> set, Duration below) {
        Duration value = set.orElse(below);
        require(
                value.isPositive() && value.compareTo(LONGEST) <= 0,
                property + " must be longer than 0 and at most 24 hours.");
        return value;
    }

    private void require(boolean right, String otherwise) {
        if (!right) {
            throw new ConfigurationException(prefix + otherwise);
        }
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() / 1_000.0 + " s";
    }
}
