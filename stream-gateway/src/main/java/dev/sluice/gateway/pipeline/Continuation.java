package dev.sluice.gateway.pipeline;

import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.transform.ChunkTransform;
import dev.sluice.stream.Chunk;
import org.jspecify.annotations.Nullable;

/**
 * Makes one answer of the calls of one generation. Where the caller wants that, an answer that broke off is gone on with after
 * its text so far, and what the further call says once more is left out: whoever comes behind sees no seam. Stands between
 * the provider and the transforms. For one thread.
 *
 * <p>Only text can be gone on with: once a tool call was sent, nobody knows whether it was acted upon. Thinking about how to go
 * on is not passed on, since it is not about what was asked.
 */
final class Continuation implements ChunkTransform {

    static final int MAX_SEAMS = 2;

    /** A longer text is not sent back to a provider. */
    static final int MAX_CHARACTERS = 1 << 20;

    private final OnInterrupt wish;
    private final ChunkTransform next;
    private final StringBuilder text = new StringBuilder();
    private boolean tooLong;
    private boolean toolCalled;
    private boolean committed;
    private int seams;
    private @Nullable Overlap overlap;
    private @Nullable GatewayError interruption;

    Continuation(OnInterrupt wish, ChunkTransform next) {
        this.wish = wish;
        this.next = next;
    }

    /** Whether the call that runs has brought a delta, even one that is held or left out. */
    boolean committed() {
        return committed;
    }

    /** Whether the rest of the answer was asked for and has not begun to come. */
    boolean pending() {
        return seams > 0 && !committed;
    }

    /** Returns the text so far, without half a character at its end. */
    String text() {
        int last = text.length() - 1;
        return text.substring(0, last >= 0 && Character.isHighSurrogate(text.charAt(last)) ? last : last + 1);
    }

    /** A call begins. What one before it said and was held counts no more. */
    void callStarts() {
        overlap = pending() ? new Overlap(text) : null;
    }

    /**
     * The call that ran broke off.
     *
     * @return whether another one goes on after the text so far
     */
    boolean interrupted(GatewayError error) {
        if (wish == OnInterrupt.FAIL) {
            return false;
        }
        String obstacle = obstacle();
        if (obstacle != null) {
            interruption = error.explained("It was not continued, since " + obstacle + ".");
            return false;
        }
        interruption = error.explained("It could not be continued.");
        seams++;
        committed = false;
        return true;
    }

    /** Returns how the stream ends: by what broke the answer off, unless some of its rest has come since. */
    GatewayError ending(GatewayError last) {
        return interruption == null ? last : interruption;
    }

    private @Nullable String obstacle() {
        if (toolCalled) {
            return "a tool call had been sent";
        }
        if (text().isBlank()) {
            return "no text had been sent";
        }
        if (tooLong) {
            return "it is too long";
        }
        return seams == MAX_SEAMS ? "that was done " + MAX_SEAMS + " times already" : null;
    }

    @Override
    public void accept(Chunk chunk) {
        switch (chunk) {
            case Chunk.TextDelta(String delta) -> {
                committed = true;
                Overlap seam = overlap;
                if (seam == null) {
                    pass(chunk, delta);
                } else {
                    afterSeam(seam.more(delta));
                }
            }
            case Chunk.ReasoningDelta _ -> {
                committed = true;
                if (seams == 0) {
                    pass(chunk, "");
                }
            }
            case Chunk.ToolCallDelta _ -> {
                committed = true;
                leaveSeam();
                toolCalled = true;
                pass(chunk, "");
            }
            case Chunk.Finished _ -> {
                leaveSeam();
                next.accept(chunk);
            }
            case Chunk.Started _, Chunk.UsageReported _ -> next.accept(chunk);
        }
    }

    /** What is held is a repetition of what was sent, as far as it came. */
    @Override
    public void breakOff() {
        overlap = null;
        next.breakOff();
    }

    private void leaveSeam() {
        Overlap seam = overlap;
        if (seam != null) {
            afterSeam(seam.rest());
        }
    }

    private void afterSeam(String fresh) {
        if (!fresh.isEmpty()) {
            overlap = null;
            pass(new Chunk.TextDelta(fresh), fresh);
        }
    }

    private void pass(Chunk delta, String more) {
        interruption = null;
        if (wish == OnInterrupt.CONTINUE && !more.isEmpty()) {
            tooLong |= text.length() + more.length() > MAX_CHARACTERS;
            if (!tooLong) {
                text.append(more);
            }
        }
        next.accept(delta);
    }
}
