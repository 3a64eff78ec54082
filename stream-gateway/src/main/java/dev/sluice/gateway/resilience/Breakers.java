package dev.sluice.gateway.resilience;

import dev.sluice.gateway.chance.Randomness;
import dev.sluice.gateway.generation.Milestone;
import dev.sluice.gateway.generation.Milestone.ChangedBy;
import dev.sluice.gateway.generation.Milestones;
import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.resilience.BreakerState.Closed;
import dev.sluice.gateway.resilience.BreakerState.HalfOpen;
import dev.sluice.gateway.resilience.BreakerState.Open;
import dev.sluice.gateway.routing.ModelCatalog;
import dev.sluice.gateway.time.Timers;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One breaker for each name that the routing gives to targets. Those names come from configuration, so they are few, and all of
 * them are there from the start. Thread-safe.
 */
@Startup
@Singleton
public final class Breakers {

    private static final Logger LOG = Logger.getLogger(Breakers.class);
    private static final List<String> STATES = List.of("closed", "open", "half_open");

    private final ResilienceSettings settings;
    private final Milestones milestones;
    private final MeterRegistry meters;
    private final Timers timers;
    private final Randomness randomness;
    private final Map<String, Watched> byName = new ConcurrentHashMap<>();

    private record Watched(
            Breaker breaker, BreakerPolicy policy, @Nullable String listedBy) {}

    /**
     * How a breaker stands.
     *
     * @param name of the target; of the provider, where its unlisted models share one
     * @param state {@code closed}, {@code open} or {@code half_open}
     * @param failures those that a closed one remembers: in a row, or of the last calls
     * @param openings how often it opened since the start
     * @param blockedFor how long calls are refused from now on, zero where one may pass
     */
    public record Standing(String name, String state, OptionalInt failures, long openings, Duration blockedFor) {}

    Breakers(
            ModelCatalog catalog,
            ResilienceSettings settings,
            Milestones milestones,
            MeterRegistry meters,
            Timers timers,
            Randomness randomness) {
        this.settings = settings;
        this.milestones = milestones;
        this.meters = meters;
        this.timers = timers;
        this.randomness = randomness;
        for (String provider : catalog.providers()) {
            catalog.targets(provider + "/*").orElse(List.of()).forEach(this::of);
        }
        for (String model : catalog.names()) {
            catalog.targets(model).orElse(List.of()).forEach(this::requireTheSame);
        }
    }

    /** Returns how all of them stand, in alphabetical order. */
    public List<Standing> standings() {
        long now = timers.nanoTime();
        List<Standing> standings = new ArrayList<>();
        new TreeMap<>(byName).forEach((name, watched) -> standings.add(standing(name, watched.breaker(), now)));
        return standings;
    }

    /** Whether there is a breaker of this name. */
    public boolean has(String name) {
        return byName.containsKey(name);
    }

    /**
     * Closes a breaker by hand; does nothing where there is none.
     *
     * @return whether it was not closed
     */
    public boolean reset(String name) {
        Watched watched = byName.get(name);
        return watched != null && watched.breaker().reset();
    }

    /**
     * Closes all breakers by hand.
     *
     * @return how many were not closed
     */
    public int resetAll() {
        return (int) byName.keySet().stream().filter(this::reset).count();
    }

    Breaker of(Target target) {
        Watched known = byName.get(target.breaker());
        return (known != null ? known : byName.computeIfAbsent(target.breaker(), _ -> watch(target))).breaker();
    }

    /** Returns for how long a target is left alone from now on, zero where a call may pass. */
    Duration blockedFor(Target target, long nowNanos) {
        return of(target).blockedFor(nowNanos);
    }

    private void requireTheSame(Target target) {
        Watched known = byName.computeIfAbsent(target.breaker(), _ -> watch(target));
        if (!known.policy().equals(settings.of(target).breaker())) {
            throw new ConfigurationException(
                    "sluice.models." + known.listedBy() + ".resilience.breaker and sluice.models."
                            + target.listedBy() + ".resilience.breaker differ, but both list " + target
                            + ", and a target has one breaker.");
        }
    }

    private Watched watch(Target target) {
        BreakerPolicy policy = settings.of(target).breaker();
        Breaker breaker = new Breaker(policy, randomness::next, (from, to, by) -> changed(target, from, to, by));
        Tags name = Tags.of("target", target.breaker());
        for (String state : STATES) {
            meters.gauge(
                    "sluice.breaker.state",
                    name.and("state", state),
                    breaker,
                    watched -> watched.state().wireName().equals(state) ? 1 : 0);
        }
        FunctionCounter.builder("sluice.breaker.openings", breaker, Breaker::openings)
                .tags(name)
                .register(meters);
        return new Watched(breaker, policy, target.listedBy());
    }

    private void changed(Target target, BreakerState from, BreakerState to, ChangedBy by) {
        switch (to) {
            case Open _
            when from instanceof Closed ->
                LOG.warnf("%s failed too often and is left alone for a while", target.breaker());
            case Closed _ -> LOG.infof("%s is called again", target.breaker());
            case Open _, HalfOpen _ -> {}
        }
        milestones.reached(new Milestone.BreakerChanged(target, from.wireName(), to.wireName(), by));
    }

    private static Standing standing(String name, Breaker breaker, long now) {
        BreakerState state = breaker.state();
        OptionalInt failures = switch (state) {
            case Closed closed -> OptionalInt.of(closed.failures());
            case Open _, HalfOpen _ -> OptionalInt.empty();
        };
        return new Standing(name, state.wireName(), failures, breaker.openings(), breaker.blockedFor(now));
    }
}
