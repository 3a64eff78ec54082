package dev.sluice.gateway.resilience;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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
import java.util.function.DoubleSupplier;

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
     * @param random yields 0 to 1, exclusive
     */
    public GivenChain(
            Map<String, String> properties,
            ModelProvider provider,
            Timers timers,
            DoubleSupplier random,
            Consumer<Milestone> milestones) {
        catalog = GivenCatalog.of(properties, ResilienceConfig.class);
        ResilienceSettings settings = new ResilienceSettings(
                Configured.with(ResilienceConfig.class, properties, RoutingConfig.class), catalog);
        breakers = new Breakers(
                catalog, settings, new Milestones(List.of(milestones::accept)), new SimpleMeterRegistry(), timers);
        StreamGuard guard = new StreamGuard(timers, new StreamTimeouts(timers), new Randomness() {
            @Override
            double next() {
                return random.getAsDouble();
            }
        });
        Adapters adapters = GivenAdapters.of(provider);
        chain = new TargetChain(guarded(adapters, settings, guard), adapters);
    }

    /** What CDI's interceptor makes of the method in the gateway. */
    private GuardedStream guarded(Adapters adapters, ResilienceSettings settings, StreamGuard guard) {
        return new GuardedStream(adapters) {
            @Override
            Multi<Chunk> open(Target target, ChatRequest request, AttemptObserver observer) {
                return guard.guard(
                        super.open(target, request, observer),
                        new GuardedCall(target, observer, settings.of(target), breakers.of(target)));
            }
        };
    }

    /** Asks for an answer of a model, which comes by subscription. */
    public Multi<Chunk> ask(String model, AttemptObserver observer) {
        return chain.stream(catalog.targets(model).orElseThrow(), REQUEST, observer);
    }

    /** Returns how often breakers opened, all together. */
    public long openings() {
        return breakers.standings().stream()
                .mapToLong(Breakers.Standing::openings)
                .sum();
    }
}
