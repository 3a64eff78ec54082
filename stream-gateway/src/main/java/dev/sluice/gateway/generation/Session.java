package dev.sluice.gateway.generation;

import dev.sluice.gateway.generation.Milestone.AbortedBy;
import dev.sluice.gateway.generation.Milestone.Figures;
import dev.sluice.stream.TokenUsage;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * How a generation stands, for whoever asks: its state and its figures, never its content.
 *
 * <p>Written by the generation's own thread only and read by any. What changes with every delta is stored without a fence, so
 * that it costs the writer next to nothing; a reader may see it a moment late.
 */
public final class Session {

    private final AtomicLong chunks = new AtomicLong();
    private final AtomicLong textBytes = new AtomicLong();
    private volatile Standing standing = new Standing(State.ACCEPTED, 0, null, null, null);

    /** What a generation is doing, or how it ended. */
    public enum State {
        /** It waits for a place to run. */
        QUEUED,
        /** Nothing was sent to a provider yet. */
        ACCEPTED,
        /** A provider was asked and has not begun to answer. */
        CONNECTING,
        /** The next attempt on the same target waits for its time. */
        RETRYING,
        /** The next target is about to be asked. */
        FALLING_BACK,
        /** The answer is coming. */
        STREAMING,
        /** The answer broke off, and the rest of it is being asked for. */
        CONTINUING,
        /** It ended with the whole answer. */
        COMPLETED,
        /** It ended with an error. */
        FAILED,
        /** Somebody, or nobody's reading, ended it early. */
        ABORTED;

        /** Whether nothing follows. */
        public boolean terminal() {
            return switch (this) {
                case QUEUED, ACCEPTED, CONNECTING, RETRYING, FALLING_BACK, STREAMING, CONTINUING -> false;
                case COMPLETED, FAILED, ABORTED -> true;
            };
        }

        /** Returns the name that callers see. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * All that changes seldom, as of one moment.
     *
     * @param state what goes on
     * @param attempts upstream calls made
     * @param target where the last of them went, null before the first
     * @param timeToFirstChunk since acceptance, null before the first delta
     * @param end null while it runs
     */
    public record Standing(
            State state,
            int attempts,
            @Nullable Target target,
            @Nullable Duration timeToFirstChunk,
            @Nullable End end) {}

    /**
     * How it ended.
     *
     * @param duration since acceptance
     * @param usage tokens, null where nothing came
     * @param usageEstimated whether {@code usage} is a guess
     * @param error null where the answer is complete
     * @param abortedBy null where nobody ended it early
     */
    public record End(
            Duration duration,
            @Nullable TokenUsage usage,
            boolean usageEstimated,
            @Nullable ErrorCode error,
            @Nullable AbortedBy abortedBy) {}

    /** Returns how it stands. */
    public Standing standing() {
        return standing;
    }

    /** Returns how many deltas came. */
    public long chunks() {
        return chunks.getOpaque();
    }

    /** Returns how many UTF-8 bytes all deltas have. */
    public long textBytes() {
        return textBytes.getOpaque();
    }

    /** A delta came; these are the new sums. */
    public void counted(long allChunks, long allTextBytes) {
        chunks.setOpaque(allChunks);
        textBytes.setOpaque(allTextBytes);
    }

    /** An attempt, the way to the next one, or the wait for it begins. */
    public void trying(State state, int attempts, @Nullable Target target) {
        standing = new Standing(state, attempts, target, standing.timeToFirstChunk(), null);
    }

    /** The first delta came, or the first one after a seam. */
    public void streaming(Duration timeToFirstChunk) {
        Standing before = standing;
        standing = new Standing(State.STREAMING, before.attempts(), before.target(), timeToFirstChunk, null);
    }

    /** The answer is complete. */
    public void completed(Figures figures) {
        end(State.COMPLETED, figures, null, null);
    }

    /** The stream ended with an error. */
    public void failed(Figures figures, ErrorCode error) {
        end(State.FAILED, figures, error, null);
    }

    /** The stream was ended early. */
    public void aborted(Figures figures, AbortedBy by) {
        end(State.ABORTED, figures, ErrorCode.CANCELLED, by);
    }

    private void end(State state, Figures figures, @Nullable ErrorCode error, @Nullable AbortedBy by) {
        standing = new Standing(
                state,
                figures.attempts(),
                figures.target(),
                figures.timeToFirstChunk(),
                new End(figures.duration(), figures.usage(), figures.usageEstimated(), error, by));
    }
}
