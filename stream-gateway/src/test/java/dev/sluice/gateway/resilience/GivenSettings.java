package dev.sluice.gateway.resilience;

import dev.sluice.gateway.generation.Milestone;
import dev.sluice.gateway.generation.Milestones;
import dev.sluice.gateway.routing.GivenCatalog;
import dev.sluice.gateway.routing.ModelCatalog;
import dev.sluice.gateway.routing.RoutingConfig;
import dev.sluice.gateway.testing.Configured;
import dev.sluice.gateway.time.VirtualTimers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Two providers and two models, {@code chat} and {@code code}, and whatever a test sets besides. */
final class GivenSettings {

    final ModelCatalog catalog;
    final ResilienceSettings settings;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final VirtualTimers timers = new VirtualTimers();
    final List<Milestone> milestones = new ArrayList<>();

    GivenSettings(Map<String, String> set) {
        Map<String, String> properties = new HashMap<>(Map.of(
                "sluice.providers.near.adapter", "simulator",
                "sluice.providers.far.adapter", "simulator",
                "sluice.models.chat.targets", "near/small,far/org/large",
                "sluice.models.code.targets", "far/org/large"));
        properties.putAll(set);
        catalog = GivenCatalog.of(properties, ResilienceConfig.class);
        settings = new ResilienceSettings(
                Configured.with(ResilienceConfig.class, properties, RoutingConfig.class), catalog);
    }

    /** Returns the settings of the first target of a model. */
    GuardSettings of(String model) {
        return settings.of(catalog.targets(model).orElseThrow().getFirst());
    }

    Breakers breakers() {
        return new Breakers(catalog, settings, new Milestones(List.of(milestones::add)), meters, timers, () -> 0);
    }
}
