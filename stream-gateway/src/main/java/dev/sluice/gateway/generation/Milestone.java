package dev.sluice.gateway.generation;

import dev.sluice.stream.FinishReason;
import dev.sluice.stream.TokenUsage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A fact about a generation or a target that somebody outside may want to count. Milestones are few: never one for each
 * chunk. They carry no content.
 */
public sealed interface Milestone {

    /**
     * A request was accepted.
     *
     * @param generation what it is
     */
    record Started(GenerationInfo generation) implements Milestone {}

    /**
     * An upstream call failed.
     *
     * @param attempt its number, from 1
     * @param target where it went
     * @param error what it met
     * @param upstreamStatus the HTTP status, 0 where there was none
     * @param retryIn when the next attempt on this target starts, null when none does
     */
    record AttemptFailed(
            GenerationInfo generation,
            int attempt,
            Target target,
            GatewayError error,
            int upstreamStatus,
            @Nullable Duration retryIn)
            implements Milestone {}

    /**
     * The first delta came: the commit point.
     *
     * @param attempt the attempt that brought it
     * @param timeToFirstChunk since acceptance
     */
    record FirstChunk(GenerationInfo generation, int attempt, Target target, Duration timeToFirstChunk)
            implements Milestone {}

    /**
     * The answer broke off after the commit point, and its rest is asked for.
     *
     * @param attempt the attempt that broke off
     * @param target where it went
     */
    record Continued(GenerationInfo generation, int attempt, Target target) implements Milestone {}

    /** The answer is complete. */
    record Completed(GenerationInfo generation, Figures figures, FinishReason finishReason) implements Milestone {}

    /** The stream ended with an error. */
    record Failed(GenerationInfo generation, Figures figures, GatewayError error) implements Milestone {}

    /** The stream was ended early. */
    record Aborted(GenerationInfo generation, Figures figures, AbortedBy by) implements Milestone {}

    /**
     * A reader came back.
     *
     * @param fromOffset the first offset it asked for
     */
    record Resumed(GenerationInfo generation, long fromOffset) implements Milestone {}

    /**
     * A breaker changed its state.
     *
     * @param target whose health it is; its model is {@code *} where a provider's unlisted models share one
     * @param from wire name of the state before
     * @param to wire name of the state after
     * @param by who changed it
     */
    record BreakerChanged(Target target, String from, String to, ChangedBy by) implements Milestone {}

    /**
     * A request was refused before it became a stream.
     *
     * @param endpoint the path it came to
     * @param model the name it asked for, null where it could not be read or is unknown
     */
    record Rejected(String endpoint, @Nullable String model, GatewayError error) implements Milestone {}

    /** Who changed a breaker's state. */
    enum ChangedBy {
        /** The outcomes of calls, and time. */
        CALLS,
        /** A person who reset it. */
        PERSON
    }

    /** Who ended a stream early. */
    enum AbortedBy {
        /** Somebody who may. */
        CALLER,
        /** The disconnect policy, after the last reader had gone. */
        DISCONNECT,
        /** The idle clock: nobody read, and nothing happened. */
        IDLE,
        /** The gateway, which stops. */
        SHUTDOWN
    }

    /**
     * What a stream amounted to at its end.
     *
     * @param target where the last attempt went, null when none was made
     * @param responseModel the model as the provider names it, null where unknown
     * @param attempts upstream calls made
     * @param usage tokens, null where nothing came
     * @param usageEstimated whether {@code usage} is a guess
     * @param chunks deltas that the provider sent
     * @param textBytes UTF-8 bytes of these deltas
     * @param timeToFirstChunk since acceptance, null where nothing came
     * @param duration since acceptance
     * @param gaps the gaps between deltas
     */
    record Figures(
            @Nullable Target target,
            @Nullable String responseModel,
            int attempts,
            @Nullable TokenUsage usage,
            boolean usageEstimated,
            int chunks,
            long textBytes,
            @Nullable Duration timeToFirstChunk,
            Duration duration,
            ChunkGaps gaps) {}
}
