package dev.sluice.gateway.telemetry;

import dev.sluice.gateway.generation.Milestone;
import dev.sluice.gateway.generation.Milestone.Figures;
import dev.sluice.gateway.generation.MilestoneListener;
import dev.sluice.gateway.generation.Target;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Counts milestones. Tags are bounded by the configuration: callers cannot make new ones up. */
@Singleton
final class StreamMetrics implements MilestoneListener {

    /** 10 ms, 20 ms, 40 ms … 82 s: the bounds that OpenTelemetry's GenAI conventions advise. */
    private static final Duration[] BUCKETS =
            IntStream.range(0, 14).mapToObj(i -> Duration.ofMillis(10L << i)).toArray(Duration[]::new);

    private final MeterRegistry meters;

    StreamMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public void onMilestone(Milestone milestone) {
        switch (milestone) {
            case Milestone.Started _ -> meters.counter("sluice.streams.started").increment();
            case Milestone.AttemptFailed failed ->
                meters.counter(
                                "sluice.attempts.failed",
                                target(failed.target())
                                        .and("error", failed.error().code().name())
                                        .and("retried", failed.retryIn() == null ? "false" : "true"))
                        .increment();
            case Milestone.FirstChunk first ->
                Timer.builder("sluice.stream.time.to.first.chunk")
                        .tags(target(first.target()))
                        .serviceLevelObjectives(BUCKETS)
                        .register(meters)
                        .record(first.timeToFirstChunk());
            case Milestone.Continued continued ->
                meters.counter("sluice.streams.continued", target(continued.target()))
                        .increment();
            case Milestone.Completed completed -> ended("completed", "none", completed.figures());
            case Milestone.Failed failed ->
                ended("failed", failed.error().code().name(), failed.figures());
            case Milestone.Aborted aborted -> {
                ended("aborted", "none", aborted.figures());
                String by = aborted.by().name().toLowerCase(Locale.ROOT);
                meters.counter("sluice.streams.aborted", "by", by).increment();
            }
            case Milestone.Resumed _ -> meters.counter("sluice.streams.resumed").increment();
            case Milestone.BreakerChanged changed ->
                meters.counter(
                                "sluice.breaker.changes",
                                target(changed.target()).and("to", changed.to()))
                        .increment();
            case Milestone.Rejected rejected ->
                meters.counter(
                                "sluice.requests.rejected",
                                "error",
                                rejected.error().code().name())
                        .increment();
        }
    }

    private void ended(String outcome, String error, Figures figures) {
        Tags tags = target(figures.target()).and("outcome", outcome).and("error", error);
        meters.timer("sluice.streams.ended", tags).record(figures.duration());
        meters.counter("sluice.chunks", target(figures.target())).increment(figures.chunks());
    }

    private static Tags target(@Nullable Target target) {
        return Tags.of("target", target == null ? "none" : target.breaker());
    }
}
