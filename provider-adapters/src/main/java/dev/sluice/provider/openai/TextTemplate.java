package dev.sluice.provider.openai;

import dev.sluice.stream.Chunk;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Knows text events by the one that came before.
 *
 * <p>From one event to the next, most servers change nothing but the text. Where an event that was read in full carried text and
 * nothing else, its bytes before and after the text are kept. A later event with the same bytes around it says the same with
 * another text, provided that what lies between is the inside of a JSON string, which is checked. Everything else is read in
 * full, so this saves time and decides nothing.
 */
final class TextTemplate {

    /** A server that changes other things as well is not worth the learning. */
    private static final int MAX_LESSONS_WITHOUT_USE = 8;

    private static final byte[] NONE = {};

    private byte[] before = NONE;
    private byte[] after = NONE;
    private boolean reasoning;
    private int lessonsWithoutUse;

    /** Returns the delta that the event stands for, null where it must be read in full. */
    @Nullable
    Chunk match(byte[] data, int offset, int length) {
        int from = offset + before.length;
        int to = offset + length - after.length;
        if (before.length == 0
                || from >= to
                || !Arrays.equals(data, offset, from, before, 0, before.length)
                || !Arrays.equals(data, to, offset + length, after, 0, after.length)
                || !isPlain(data, from, to)) {
            return null;
        }
        lessonsWithoutUse = 0;
        String text = new String(data, from, to - from, StandardCharsets.UTF_8);
        return reasoning ? new Chunk.ReasoningDelta(text) : new Chunk.TextDelta(text);
    }

    /** Takes an event that was just read in full as the example for the next ones, if it can be one. */
    void learn(ChatFrame frame, byte[] data, int offset, int length) {
        if (lessonsWithoutUse >= MAX_LESSONS_WITHOUT_USE || !frame.isOneDelta()) {
            return;
        }
        Chunk delta = frame.deltas.getFirst();
        String text = switch (delta) {
            case Chunk.TextDelta said -> said.text();
            case Chunk.ReasoningDelta thought -> thought.text();
            case Chunk.Started _, Chunk.ToolCallDelta _, Chunk.UsageReported _, Chunk.Finished _ -> "";
        };
        int from = frame.textAt < 0 ? -1 : offset + frame.textAt;
        if (text.isEmpty() || from < 0 || !isAsciiAt(data, from, offset + length, text)) {
            return;
        }
        lessonsWithoutUse++;
        reasoning = delta instanceof Chunk.ReasoningDelta;
        before = Arrays.copyOfRange(data, offset, from);
        after = Arrays.copyOfRange(data, from + text.length(), offset + length);
    }

    /** Within a JSON string, without an escape. */
    private static boolean isPlain(byte[] data, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = data[i];
            if (b == '"' || b == '\\' || (b >= 0 && b < ' ')) {
                return false;
            }
        }
        return true;
    }

    /** Whether exactly this text, without an escape and within quotes, lies there. */
    private static boolean isAsciiAt(byte[] data, int from, int end, String text) {
        int to = from + text.length();
        if (from < 1 || to >= end || data[from - 1] != '"' || data[to] != '"' || !isPlain(data, from, to)) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (data[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
