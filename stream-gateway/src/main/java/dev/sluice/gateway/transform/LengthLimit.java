package dev.sluice.gateway.transform;

import dev.sluice.stream.Chunk;
import dev.sluice.stream.FinishReason;

/** Ends an answer whose text grows too long, after the last character that fits. Never parts a pair of surrogates. */
final class LengthLimit implements ChunkTransform {

    private final ChunkTransform next;
    private int remaining;
    private String half = "";
    private boolean cut;

    LengthLimit(int characters, ChunkTransform next) {
        this.remaining = characters;
        this.next = next;
    }

    @Override
    public void accept(Chunk chunk) {
        if (cut) {
            return;
        }
        switch (chunk) {
            case Chunk.TextDelta(String delta) -> {
                String text = half.isEmpty() ? delta : half + delta;
                int whole =
                        Character.isHighSurrogate(text.charAt(text.length() - 1)) ? text.length() - 1 : text.length();
                half = text.substring(whole);
                pass(text.substring(0, whole));
            }
            case Chunk.Finished _ -> {
                releaseHalf();
                if (!cut) {
                    next.accept(chunk);
                }
            }
            case Chunk.Started _, Chunk.ReasoningDelta _, Chunk.ToolCallDelta _, Chunk.UsageReported _ ->
                next.accept(chunk);
        }
    }

    @Override
    public void breakOff() {
        if (!cut) {
            releaseHalf();
        }
        next.breakOff();
    }

    private void releaseHalf() {
        String last = half;
        half = "";
        pass(last);
    }

    private void pass(String text) {
        if (text.isEmpty()) {
            return;
        }
        int characters = text.codePointCount(0, text.length());
        cut = characters > remaining;
        String fitting = cut ? text.substring(0, text.offsetByCodePoints(0, remaining)) : text;
        remaining -= Math.min(characters, remaining);
        if (!fitting.isEmpty()) {
            next.accept(new Chunk.TextDelta(fitting));
        }
        if (cut) {
            next.accept(new Chunk.Finished(FinishReason.LENGTH));
        }
    }
}
