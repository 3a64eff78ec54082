package dev.sluice.gateway.telemetry;

import dev.sluice.gateway.generation.Milestone;
import dev.sluice.gateway.generation.MilestoneListener;
import jakarta.inject.Singleton;

/** Sends every milestone on its way to the collector. */
@Singleton
final class MilestoneReporter implements MilestoneListener {

    private final EventBatcher batcher;
    private final TelemetryConfig config;

    MilestoneReporter(EventBatcher batcher, TelemetryConfig config) {
        this.batcher = batcher;
        this.config = config;
    }

    @Override
    public void onMilestone(Milestone milestone) {
        if (config.enabled()) {
            batcher.offer(new Fact.Reached(milestone));
        }
    }
}
