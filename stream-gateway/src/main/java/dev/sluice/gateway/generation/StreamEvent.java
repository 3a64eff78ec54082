package dev.sluice.gateway.generation;

import dev.sluice.stream.TokenUsage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a stream's log: what every reader sees, in the order in which every reader sees it. A stream ends with exactly
 * one {@link Failed} or {@link Completed}.
 */
public sealed interface StreamEvent {

    /** What a stream is busy with. */
    enum Progress {
        QUEUED("queued"),
        ACCEPTED("accepted"),
        CONNECTING("connecting"),
        RETRYING("retrying"),
        FALLING_BACK("falling_back"),
        CONTINUING("continuing"),
        STREAMING("streaming");

        private final String wireName;

        Progress(String wireName) {
            this.wireName = wireName;
        }

        /** Returns the {@code phase} of the public status event. */
        public String wireName() {
            return wireName;
        }
    }

    /**
     * What a person may want to see while waiting. {@link Progress#STREAMING} comes once, right before the first delta.
     * {@link Progress#CONTINUING} is a seam: what comes before it is of one call, what comes after it of another.
     *
     * @param progress what goes on
     * @param message one sentence for people
     * @param attempt the attempt it is about, 0 before the first
     * @param model the public name of the model
     * @param retryIn how long until the next attempt, null unless one is scheduled
     * @param characters code points of text before a seam, null where there is none
     */
    record Status(
            Progress progress,
            String message,
            int attempt,
            String model,
            @Nullable Duration retryIn,
            @Nullable Integer characters)
            implements StreamEvent {

        /** Says nothing of a seam. */
        public Status(Progress progress, String message, int attempt, String model, @Nullable Duration retryIn) {
            this(progress, message, attempt, model, retryIn, null);
        }
    }

    /**
     * More text.
     *
     * @param content to be appended
     * @param index 0, 1, 2 … among the text events of this stream
     */
    record Text(String content, int index) implements StreamEvent {}

    /**
     * More of the thinking.
     *
     * @param content to be appended
     * @param index 0, 1, 2 … among the reasoning events of this stream
     */
    record Reasoning(String content, int index) implements StreamEvent {}

    /**
     * More of a tool call.
     *
     * @param index which call
     * @param id on the first event of an index only
     * @param name on the first event of an index only
     * @param arguments to be appended
     */
    record ToolCallPart(
            int index, @Nullable String id, @Nullable String name, String arguments) implements StreamEvent {}

    /**
     * The end, in failure.
     *
     * @param error what went wrong
     * @param partial whether some of the answer came before
     * @param usage what that part cost, null where nothing came
     * @param usageEstimated whether {@code usage} is a guess
     */
    record Failed(
            GatewayError error, boolean partial, @Nullable TokenUsage usage, boolean usageEstimated)
            implements StreamEvent {

        /** The end of a stream of which no cost is known. */
        public Failed(GatewayError error, boolean partial) {
            this(error, partial, null, false);
        }
    }

    /**
     * The end, with the whole answer.
     *
     * @param answer everything that came
     */
    record Completed(Answer answer) implements StreamEvent {}

    /**
     * What a reader asked for is no longer kept. Never part of a log: a reader that fell behind meets it once and goes on
     * after it.
     *
     * @param firstOffset where it goes on
     */
    record Reset(long firstOffset) implements StreamEvent {

        /** Returns what a format says in its place that does not know it. */
        public GatewayError error() {
            return GatewayError.of(ErrorCode.GONE, "This part of the stream is no longer kept.");
        }
    }

    /** Whether nothing follows. */
    default boolean terminal() {
        return switch (this) {
            case Failed _, Completed _ -> true;
            case Status _, Text _, Reasoning _, ToolCallPart _, Reset _ -> false;
        };
    }
}
