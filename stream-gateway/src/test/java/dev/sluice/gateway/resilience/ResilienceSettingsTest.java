package dev.sluice.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.gateway.resilience.OpeningRule.FailureRatio;
import dev.sluice.gateway.resilience.OpeningRule.FailuresInARow;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResilienceSettingsTest {

    private static final GuardSettings DEFAULTS = new GuardSettings(
            new RetryPolicy(3, seconds(1), 2, seconds(30), 0.3, seconds(60)),
            new BreakerPolicy(new FailuresInARow(5), seconds(60)),
            new StreamClocks(seconds(120), null, seconds(30), seconds(600)));
    private static final GuardSettings OTHERS = new GuardSettings(
            new RetryPolicy(7, Duration.ofMillis(200), 3, seconds(5), 0, seconds(20)),
            new BreakerPolicy(new FailuresInARow(2), seconds(7)),
            new StreamClocks(seconds(11), null, seconds(12), seconds(13)));

    @Test
    void areThoseOfTheAnnotationsAndTheDocumentedClocksWhereNothingIsSet() {
        GivenSettings given = new GivenSettings(Map.of());

        assertThat(given.of("chat")).isEqualTo(DEFAULTS);
        assertThat(given.of("near/unlisted")).isEqualTo(DEFAULTS);
        assertThat(given.settings.total("chat")).isEqualTo(seconds(600));
    }

    @Test
    void areForAllWhereTheyAreSetForAll() {
        GivenSettings given = new GivenSettings(others("sluice.resilience."));

        assertThat(given.of("chat")).isEqualTo(OTHERS);
        assertThat(given.of("code")).isEqualTo(OTHERS);
        assertThat(given.of("near/unlisted")).isEqualTo(OTHERS);
        assertThat(given.settings.total("near/unlisted")).isEqualTo(seconds(13));
    }

    @Test
    void areAModelsOwnWhereTheyAreSetForAModel() {
        Map<String, String> set = others("sluice.models.chat.resilience.");
        set.put("sluice.models.chat.targets", "near/small");
        GivenSettings given = new GivenSettings(set);

        assertThat(given.of("chat")).isEqualTo(OTHERS);
        assertThat(given.settings.total("chat")).isEqualTo(seconds(13));
        assertThat(given.of("code")).isEqualTo(DEFAULTS);
        assertThat(given.of("near/unlisted")).isEqualTo(DEFAULTS);
        assertThat(given.settings.total("code")).isEqualTo(seconds(600));
    }

    @Test
    void lieInLayersAndTheNarrowestCounts() {
        GivenSettings given = new GivenSettings(Map.of(
                "sluice.resilience.timeouts.first-chunk", "90s",
                "sluice.resilience.timeouts.idle", "91s",
                "sluice.resilience.attempts", "4",
                "sluice.providers.far.timeouts.first-chunk", "50s",
                "sluice.providers.far.timeouts.idle", "51s",
                "sluice.models.chat.resilience.timeouts.idle", "10s"));

        assertThat(given.of("near/unlisted").clocks()).isEqualTo(clocks(90, 91));
        assertThat(given.of("far/unlisted").clocks()).isEqualTo(clocks(50, 51));
        assertThat(given.of("code").clocks()).as("its target is far").isEqualTo(clocks(50, 51));
        assertThat(given.of("chat").clocks()).as("its first target is near").isEqualTo(clocks(90, 10));
        assertThat(given.settings
                        .of(given.catalog.targets("chat").orElseThrow().getLast())
                        .clocks())
                .as("its last target is far")
                .isEqualTo(clocks(50, 10));
        assertThat(given.of("chat").retry().maxAttempts()).isEqualTo(4);
    }

    @Test
    void openByARatioOfTheLastTwentyCallsWhereOnlyARatioIsNamed() {
        GivenSettings given = new GivenSettings(Map.of("sluice.resilience.breaker.failure-ratio", "0.4"));

        assertThat(given.of("chat").breaker().rule()).isEqualTo(new FailureRatio(0.4, 20, 10));
    }

    @Test
    void needNoMoreCallsThanTheWindowHolds() {
        GivenSettings given = new GivenSettings(
                Map.of("sluice.resilience.breaker.failure-ratio", "1", "sluice.resilience.breaker.window", "4"));

        assertThat(given.of("chat").breaker().rule()).isEqualTo(new FailureRatio(1, 4, 4));
    }

    @Test
    void letAModelCountInARowWhereOthersGoByRatioAndTheOtherWayRound() {
        GivenSettings given = new GivenSettings(Map.of(
                "sluice.resilience.breaker.failure-ratio", "0.4",
                "sluice.resilience.breaker.window", "50",
                "sluice.models.row.targets", "near/row",
                "sluice.models.row.resilience.breaker.failures", "3",
                "sluice.models.wide.targets", "near/wide",
                "sluice.models.wide.resilience.breaker.window", "100"));

        assertThat(given.of("row").breaker().rule()).isEqualTo(new FailuresInARow(3));
        assertThat(given.of("wide").breaker().rule()).isEqualTo(new FailureRatio(0.4, 100, 10));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "attempts                | 0     | attempts must be from 1 to 100.",
                "attempts                | -1    | attempts must be from 1 to 100.",
                "attempts                | 101   | attempts must be from 1 to 100.",
                "backoff.base            | 0s    | backoff.base must be longer than 0 and at most 24 hours.",
                "backoff.base            | PT-1S | backoff.base must be longer than 0 and at most 24 hours.",
                "backoff.base            | 31s   | backoff.cap must not be shorter than backoff.base; they are 30.0 s and 31.0 s.",
                "backoff.cap             | 500ms | backoff.cap must not be shorter than backoff.base; they are 0.5 s and 1.0 s.",
                "backoff.factor          | 0     | backoff.factor must be from 1 to 100.",
                "backoff.jitter          | -0.1  | backoff.jitter must be from 0 to 1.",
                "backoff.jitter          | 1.1   | backoff.jitter must be from 0 to 1.",
                "backoff.jitter          | NaN   | backoff.jitter must be from 0 to 1.",
                "backoff.budget          | 0s    | backoff.budget must be longer than 0 and at most 24 hours.",
                "breaker.failures        | 0     | breaker.failures must be from 1 to 1000000.",
                "breaker.failure-ratio   | 0     | breaker.failure-ratio must be above 0 and at most 1.",
                "breaker.failure-ratio   | 1.1   | breaker.failure-ratio must be above 0 and at most 1.",
                "breaker.failure-ratio   | NaN   | breaker.failure-ratio must be above 0 and at most 1.",
                "breaker.window          | 10    | breaker.failure-ratio is missing; window and minimum-calls mean nothing without it.",
                "breaker.minimum-calls   | 10    | breaker.failure-ratio is missing; window and minimum-calls mean nothing without it.",
                "breaker.pause           | 0s    | breaker.pause must be longer than 0 and at most 24 hours.",
                "timeouts.first-chunk    | 0s    | timeouts.first-chunk must be longer than 0 and at most 24 hours.",
                "timeouts.idle           | 25h   | timeouts.idle must be longer than 0 and at most 24 hours.",
                "timeouts.total          | PT-1S | timeouts.total must be longer than 0 and at most 24 hours."
            })
    void stopTheStartWithASentenceWhereTheyCannotBeMeant(String property, String value, String sentence) {
        for (String prefix : new String[] {"sluice.resilience.", "sluice.models.chat.resilience."}) {
            assertStops(Map.of(prefix + property, value), prefix + sentence);
        }
    }

    @Test
    void stopTheStartWhereTheyContradictEachOther() {
        String breaker = "sluice.resilience.breaker.";
        assertStops(
                Map.of(breaker + "failures", "3", breaker + "failure-ratio", "0.5"),
                breaker + "failures counts failures in a row; it cannot stand together with failure-ratio, window or"
                        + " minimum-calls.");
        assertStops(
                Map.of(breaker + "failure-ratio", "0.5", breaker + "window", "1025"),
                breaker + "window must be from 1 to 1024.");
        assertStops(
                Map.of(breaker + "failure-ratio", "0.5", breaker + "window", "5", breaker + "minimum-calls", "6"),
                breaker + "minimum-calls must not be above breaker.window; they are 6 and 5.");
    }

    @Test
    void stopTheStartWithTheNameOfTheProvider() {
        assertStops(
                Map.of("sluice.providers.near.timeouts.idle", "0s"),
                "sluice.providers.near.timeouts.idle must be longer than 0 and at most 24 hours.");
        assertStops(
                Map.of("sluice.providers.near.timeouts.connect", "0s"),
                "sluice.providers.near.timeouts.connect must be longer than 0 and at most 60 s.");
    }

    private static void assertStops(Map<String, String> set, String sentence) {
        assertThatExceptionOfType(ConfigurationException.class)
                .as("%s", set)
                .isThrownBy(() -> new GivenSettings(set))
                .withMessage(sentence);
    }

    private static Map<String, String> others(String prefix) {
        Map<String, String> set = new HashMap<>();
        set.put(prefix + "attempts", "7");
        set.put(prefix + "backoff.base", "200ms");
        set.put(prefix + "backoff.factor", "3");
        set.put(prefix + "backoff.cap", "5s");
        set.put(prefix + "backoff.jitter", "0");
        set.put(prefix + "backoff.budget", "20s");
        set.put(prefix + "breaker.failures", "2");
        set.put(prefix + "breaker.pause", "7s");
        set.put(prefix + "timeouts.first-chunk", "11s");
        set.put(prefix + "timeouts.idle", "12s");
        set.put(prefix + "timeouts.total", "13s");
        return set;
    }

    private static StreamClocks clocks(int firstChunk, int idle) {
        return new StreamClocks(seconds(firstChunk), null, seconds(idle), seconds(600));
    }

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }
}
