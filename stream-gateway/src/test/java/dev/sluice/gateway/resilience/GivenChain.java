package dev.sluice.gateway.resilience;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.gateway.chance.Randomness;
import dev.sluice.gateway.generation.Milestone;
import dev.sluice.gateway.generation.Milestones;
import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.routing.Adapters;
import dev.sluice.gateway.routing.GivenAdapters;
import dev.sluice.gateway.routing.GivenCatalog;
import dev.sluice.gateway.routing.ModelCatalog;
import dev.sluice.gateway.routing.RoutingConfig;
import dev.sluice.gateway.testing.Configured;
import dev.sluice.gateway.time.Timers;
import dev.sluice.provider.ChatRequest;
import dev.sluice.provider.ModelProvider;
import dev.sluice.stream.Chunk;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Multi;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The chain of targets with guard, breakers and clocks as the gateway has them, on a provider, a clock and a chance of the test's. */
public final class GivenChain {

    private static final ChatRequest REQUEST = ChatRequest.of(JsonNodeFactory.instance.objectNode());

    private final ModelCatalog catalog;
    private final Breakers breakers;
    private final TargetChain chain;

    /**
     * Wires it.
     *
     * @param properties of routing and resilience; their adapter is {@code simulator}, in whose place {@code provider} stands
     */
    public GivenChain(
            Map<String, String> properties,
            ModelProvider provider,
            Timers timers,
            Randomness randomness,
            Consumer<Milestone> milestones) {
        catalog = GivenCatalog.of(properties, ResilienceConfig.class);
        ResilienceConfig config = Configured.with(ResilienceConfig.class, properties, RoutingConfig.class);
        ResilienceSettings settings = new ResilienceSettings(config, catalog);
        breakers = new Breakers(
                catalog,
                settings,
                new Milestones(List.of(milestones::accept)),
                new SimpleMeterRegistry(),
                timers,
                randomness);
        StreamGuard guard = new StreamGuard(timers, new StreamTimeouts(timers), randomness);
        Adapters adapters = GivenAdapters.of(provider);
        WholeAnswerFallback calls = new WholeAnswerFallback(guarded(adapters, settings, guard), config);
        chain = new TargetChain(calls, adapters, breakers, timers);
    }

    /** What CDI's interceptor makes of the methods in the gateway. */
    private GuardedStream guarded(Adapters adapters, ResilienceSettings settings, StreamGuard guard) {
        return new GuardedStream(adapters) {
            @Override
            Multi<Chunk> open(Target target, ChatRequest request, AttemptObserver observer) {
                Multi<Chunk> call = super.open(target, request, observer);
                return guard.guard(call, new GuardedCall(target, observer, settings.of(target), breakers.of(target)));
            }

            @Override
            Multi<Chunk> openOnce(Target target, ChatRequest request, AttemptObserver observer) {
                Multi<Chunk> call = super.openOnce(target, request, observer);
                return guard.guard(
                        call,
                        new GuardedCall(target, observer, settings.of(target).once(), breakers.of(target)));
            }
        };
    }

    /** Asks for an answer of a model, which comes by subscription. */
    public Multi<Chunk> ask(String model, AttemptObserver observer) {
        return Multi.createFrom().deferred(() -> chain.stream(admitted(model), REQUEST, observer));
    }

    private List<Target> admitted(String model) {
        return chain.admit(catalog.targets(model).orElseThrow(), REQUEST);
    }

    /** Returns how often breakers opened, all together. */
    public long openings() {
        return breakers.standings().stream()
                .mapToLong(Breakers.Standing::openings)
                .sum();
    }
}
