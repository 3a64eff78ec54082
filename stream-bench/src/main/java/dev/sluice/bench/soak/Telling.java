package dev.sluice.bench.soak;

import dev.sluice.bench.upstream.Script;
import org.jspecify.annotations.Nullable;

/**
 * What one reader has been told of one answer, held against what the provider was to say.
 */
final class Telling {

    private final Script script;
    private final String expected;
    private final StringBuilder text = new StringBuilder();
    private @Nullable String end;

    Telling(Script script) {
        this.script = script;
        this.expected = script.text();
    }

    /** More of the text came. */
    void text(String more) {
        if (end != null) {
            throw new Fault(script, "text after the end");
        }
        text.append(more);
        if (!expected.startsWith(text.toString())) {
            throw new Fault(script, "another text than the provider sent, from character " + firstDifference());
        }
    }

    /** The answer ended; {@code how} is {@code complete} or an error's code. */
    void end(String how) {
        if (end != null) {
            throw new Fault(script, "two ends, " + end + " and " + how);
        }
        end = how;
        if (how.equals(COMPLETE) && text.length() != expected.length()) {
            throw new Fault(script, "complete with " + text.length() + " of " + expected.length() + " characters");
        }
    }

    /** How an answer ends that is whole. */
    static final String COMPLETE = "complete";

    boolean ended() {
        return end != null;
    }

    boolean complete() {
        return COMPLETE.equals(end);
    }

    /** Returns how it ended. */
    String how() {
        return end == null ? "no end" : end;
    }

    private int firstDifference() {
        int at = 0;
        while (at < Math.min(expected.length(), text.length()) && expected.charAt(at) == text.charAt(at)) {
            at++;
        }
        return at;
    }

    /** What must never happen. */
    static final class Fault extends IllegalStateException {

        private static final long serialVersionUID = 1;

        Fault(Script script, String what) {
            super(script.model() + ": " + what);
        }
    }
}
