package dev.sluice.gateway.resilience;

import dev.sluice.gateway.generation.Milestone;
import dev.sluice.gateway.generation.Milestones;
import dev.sluice.gateway.generation.Target;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;

/** One breaker for each name that the routing gives to targets. Those names come from configuration, so they are few. */
@Singleton
public final class Breakers {

    private final ResilienceConfig config;
    private final Milestones milestones;
    private final Map<String, Breaker> byName = new ConcurrentHashMap<>();

    Breakers(ResilienceConfig config, Milestones milestones) {
        this.config = config;
        this.milestones = milestones;
    }

    Breaker of(Target target, CircuitBreaker defaults) {
        Breaker known = byName.get(target.breaker());
        return known != null ? known : byName.computeIfAbsent(target.breaker(), _ -> create(target, defaults));
    }

    /** Returns for how long a target is left alone from now on, zero where a call may pass. */
    Duration blockedFor(Target target, long nowNanos) {
        Breaker known = byName.get(target.breaker());
        return known == null ? Duration.ZERO : known.blockedFor(nowNanos);
    }

    private Breaker create(Target target, CircuitBreaker defaults) {
        return new Breaker(
                config.breaker().failures().orElse(defaults.requestVolumeThreshold()),
                config.breaker().pause().orElse(Duration.of(defaults.delay(), defaults.delayUnit())),
                (from, to) -> milestones.reached(new Milestone.BreakerChanged(target, from.wireName(), to.wireName())));
    }
}
