package dev.sluice.gateway.api;

import dev.sluice.gateway.admission.AdmissionConfig;
import dev.sluice.gateway.admission.Allowance;
import dev.sluice.gateway.admission.Allowances;
import dev.sluice.gateway.admission.CallerLimits;
import dev.sluice.gateway.admission.Rate;
import dev.sluice.gateway.generation.Caller;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What each caller may do: what its own configuration says, and where that says nothing, what is configured for all. Where no
 * callers are configured everybody shares one account: a key that nobody knows costs nothing, so a limit for each would
 * limit nobody.
 */
@Singleton
final class CallerAllowances implements Allowances {

    private final Allowance everybody;
    private final Map<Caller, Allowance> configured = new HashMap<>();
    private final boolean limitsRates;

    CallerAllowances(AdmissionConfig admission, CallerConfig callers) {
        CallerLimits all = admission.perCaller();
        check("sluice.admission.per-caller", all);
        everybody = allowance(Caller.ANONYMOUS.name(), all, all);
        callers.byName().forEach((name, key) -> {
            check("sluice.callers." + name + ".limits", key.limits());
            configured.put(new Caller(name), allowance(name, key.limits(), all));
        });
        limitsRates = everybody.limitsRates() || configured.values().stream().anyMatch(Allowance::limitsRates);
    }

    @Override
    public Allowance of(Caller caller) {
        return configured.getOrDefault(caller, everybody);
    }

    /** Whether anybody's requests or tokens are limited. */
    boolean limitRates() {
        return limitsRates;
    }

    private static Allowance allowance(String account, CallerLimits own, CallerLimits all) {
        return new Allowance(
                account,
                own.maxStreams().or(all::maxStreams).filter(streams -> streams > 0),
                own.requestsPerMinute().isPresent()
                        ? rate(own.requestsPerMinute(), own.requestBurst())
                        : rate(all.requestsPerMinute(), all.requestBurst()),
                own.tokensPerMinute().isPresent()
                        ? rate(own.tokensPerMinute(), own.tokenBurst())
                        : rate(all.tokensPerMinute(), all.tokenBurst()));
    }

    private static Optional<Rate> rate(Optional<Long> perMinute, Optional<Long> burst) {
        return perMinute.filter(many -> many > 0).map(many -> new Rate(many, burst.orElse(many)));
    }

    private static void check(String prefix, CallerLimits limits) {
        if (limits.requestBurst().isPresent() && limits.requestsPerMinute().isEmpty()) {
            throw new ConfigurationException(prefix + ".request-burst needs requests-per-minute beside it.");
        }
        if (limits.tokenBurst().isPresent() && limits.tokensPerMinute().isEmpty()) {
            throw new ConfigurationException(prefix + ".token-burst needs tokens-per-minute beside it.");
        }
    }
}
