package dev.sluice.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.gateway.admission.AdmissionConfig;
import dev.sluice.gateway.admission.Allowance;
import dev.sluice.gateway.admission.Rate;
import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.testing.Configured;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CallerAllowancesTest {

    private static CallerAllowances of(Map<String, String> all, Map<String, String> callers) {
        return new CallerAllowances(
                Configured.with(AdmissionConfig.class, all), Configured.with(CallerConfig.class, callers));
    }

    @Test
    void nobodyIsLimitedUnlessSomethingIsConfigured() {
        CallerAllowances allowances = of(Map.of(), Map.of("sluice.callers.alice.api-key", "a"));

        assertThat(allowances.of(new Caller("alice"))).isEqualTo(Allowance.unlimited("alice"));
        assertThat(allowances.limitRates()).isFalse();
    }

    @Test
    void aCallersOwnLimitsComeBeforeThoseOfAllAndNothingLiftsThem() {
        CallerAllowances allowances = of(
                Map.of(
                        "sluice.admission.per-caller.max-streams", "5",
                        "sluice.admission.per-caller.requests-per-minute", "60",
                        "sluice.admission.per-caller.request-burst", "10",
                        "sluice.admission.per-caller.tokens-per-minute", "1000"),
                Map.of(
                        "sluice.callers.alice.api-key", "a",
                        "sluice.callers.bob.api-key", "b",
                        "sluice.callers.bob.limits.max-streams", "7",
                        "sluice.callers.bob.limits.requests-per-minute", "90",
                        "sluice.callers.bob.limits.tokens-per-minute", "0"));

        assertThat(allowances.of(new Caller("alice")))
                .isEqualTo(new Allowance(
                        "alice", Optional.of(5), Optional.of(new Rate(60, 10)), Optional.of(new Rate(1_000, 1_000))));
        assertThat(allowances.of(new Caller("bob")))
                .isEqualTo(new Allowance("bob", Optional.of(7), Optional.of(new Rate(90, 90)), Optional.empty()));
        assertThat(allowances.limitRates()).isTrue();
    }

    @Test
    void whereNoCallersAreConfiguredAllKeysShareOneAccount() {
        CallerAllowances allowances = of(Map.of("sluice.admission.per-caller.max-streams", "5"), Map.of());

        assertThat(allowances.of(new Caller("key-1")))
                .isEqualTo(allowances.of(new Caller("key-2")))
                .isEqualTo(allowances.of(Caller.ANONYMOUS));
        assertThat(allowances.of(new Caller("key-1")).account()).isEqualTo("anonymous");
    }

    @Test
    void aBurstWithoutItsRateStopsTheStart() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> of(Map.of("sluice.admission.per-caller.token-burst", "5"), Map.of()))
                .withMessage("sluice.admission.per-caller.token-burst needs tokens-per-minute beside it.");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> of(
                        Map.of(),
                        Map.of("sluice.callers.bob.api-key", "b", "sluice.callers.bob.limits.request-burst", "5")))
                .withMessage("sluice.callers.bob.limits.request-burst needs requests-per-minute beside it.");
    }
}
