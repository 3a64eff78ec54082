package dev.sluice.gateway.telemetry;

import dev.sluice.gateway.generation.ChunkGaps;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GenerationInfo;
import dev.sluice.gateway.generation.Milestone;
import dev.sluice.gateway.generation.Milestone.Figures;
import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.testing.Examples;
import dev.sluice.provider.Phase;
import dev.sluice.stream.FinishReason;
import dev.sluice.stream.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One of every fact that becomes an event, as full as it can be, and as empty. */
final class Sample {

    static final GenerationInfo GENERATION = Examples.generation("str_1");

    private static final Target TARGET = Examples.target("provider");
    private static final GatewayError FULL_ERROR = new GatewayError(
            ErrorCode.RATE_LIMIT,
            429,
            "CONTENT of the message",
            "CONTENT of the field",
            "CONTENT of the code",
            Duration.ofSeconds(1),
            Phase.HEAD,
            ErrorCode.SERVER);

    private Sample() {}

    /** Returns one of every fact with everything in it that there can be. */
    static List<Fact> full() {
        ChunkGaps.Recorder gaps = new ChunkGaps.Recorder();
        gaps.record(31_500_000);
        gaps.record(20_000_000_000L);
        Figures figures = new Figures(
                TARGET,
                "large-model",
                2,
                new TokenUsage(1, 2, 3L, 4L),
                true,
                3,
                20,
                Duration.ofMillis(5),
                Duration.ofNanos(1_234_567_891L),
                gaps.snapshot());
        return facts(figures, FULL_ERROR, Duration.ofMillis(980), "demo", 503);
    }

    /** Returns one of every fact without anything that can be missing. */
    static List<Fact> empty() {
        Figures figures =
                new Figures(null, null, 0, null, false, 0, 0, null, Duration.ZERO, new ChunkGaps.Recorder().snapshot());
        return facts(figures, GatewayError.of(ErrorCode.INTERNAL, "CONTENT of the message"), null, null, 0);
    }

    private static List<Fact> facts(
            Figures figures, GatewayError error, @Nullable Duration retryIn, @Nullable String model, int status) {
        List<Milestone> milestones = List.of(
                new Milestone.Started(GENERATION),
                new Milestone.AttemptFailed(GENERATION, 1, TARGET, error, status, retryIn),
                new Milestone.FirstChunk(GENERATION, 2, TARGET, Duration.ofNanos(1_310_500_000)),
                new Milestone.Continued(GENERATION, 2, TARGET),
                new Milestone.Completed(GENERATION, figures, FinishReason.STOP),
                new Milestone.Failed(GENERATION, figures, error),
                new Milestone.Aborted(GENERATION, figures, Milestone.AbortedBy.DISCONNECT),
                new Milestone.Resumed(GENERATION, 4),
                new Milestone.BreakerChanged(TARGET, "closed", "open", Milestone.ChangedBy.CALLS),
                new Milestone.Rejected("/v1/streams", model, GatewayError.invalid("CONTENT of the field", "CONTENT")));
        List<Fact> facts = new ArrayList<>();
        milestones.forEach(milestone -> facts.add(new Fact.Reached(milestone)));
        facts.add(new Fact.Dropped(17, "queue_full"));
        return facts;
    }
}
