package dev.sluice.gateway.transform;

import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;

/**
 * Redacts one text that comes in pieces. For one thread; can be used for one text after another.
 *
 * <p>At each character, from left to right, every pattern is tried; the longest match is replaced, of equal ones the first, and
 * the search goes on behind it. A pattern sees the {@value #CONTEXT} characters before a place and {@code maxMatch} after it,
 * never more, and a text is held back only from the first place where a pattern came to the end of what is there and could
 * decide otherwise if more came. So each decision depends on the text alone, and not on how it was cut.
 *
 * <p>A match that fills its window and could go on is taken to go on to the next blank, quote, comma, semicolon or bracket. A
 * pattern that looks too often at a window is taken to match all of it, and so is every pattern once all together have looked
 * too often at one delta.
 */
final class RedactionScanner {

    private static final int CONTEXT = 64;
    private static final int COMPACT_AT = 4_096;
    private static final int UNDECIDED = -1;

    private final List<Redaction> redactions;
    private final List<Matcher> matchers;
    private final int maxMatch;
    private final StringBuilder text = new StringBuilder();
    private final Window window;
    private int at;
    private boolean swallowing;
    private Redaction winner;
    private boolean winnerGoesOn;

    private enum End {
        OPEN,
        COMPLETE,
        BROKEN
    }

    /** @param redactions at least one */
    RedactionScanner(List<Redaction> redactions, int maxMatch) {
        this(redactions, maxMatch, Window::new);
    }

    /**
     * @param redactions at least one
     * @param window opens what the patterns look through, on the text as it grows
     */
    RedactionScanner(List<Redaction> redactions, int maxMatch, Function<StringBuilder, Window> window) {
        this.redactions = redactions;
        this.maxMatch = maxMatch;
        this.window = window.apply(text);
        this.winner = redactions.getFirst();
        this.matchers = redactions.stream()
                .map(redaction -> redaction
                        .pattern()
                        .matcher(this.window)
                        .useAnchoringBounds(false)
                        .useTransparentBounds(true))
                .toList();
    }

    /** Takes more of the text, and returns what is decided of it and of what was held; may be empty. */
    String more(String delta) {
        text.append(delta);
        window.allow(delta.length());
        return scan(End.OPEN);
    }

    /** Says that this is the text's end, and returns the rest. The next piece begins another text. */
    String finish() {
        return lastScan(End.COMPLETE);
    }

    /**
     * Says that the text broke off, and returns the rest. A match that was still growing is redacted where its beginning tells
     * too much. The next piece begins another text.
     */
    String breakOff() {
        return lastScan(End.BROKEN);
    }

    private String lastScan(End end) {
        String rest = scan(end);
        text.setLength(0);
        at = 0;
        swallowing = false;
        return rest;
    }

    private String scan(End state) {
        StringBuilder out = new StringBuilder();
        int end = state == End.OPEN ? wholeCharacters() : text.length();
        int released = at;
        while (at < end) {
            if (swallowing) {
                swallowing = !delimits(text.charAt(at));
                at += swallowing ? 1 : 0;
                released = at;
            } else {
                int length = longestMatch(end, state);
                if (length == UNDECIDED) {
                    break;
                }
                if (length == 0) {
                    at += Character.charCount(text.codePointAt(at));
                } else {
                    out.append(text, released, at).append(winner.replacement());
                    at += length;
                    released = at;
                    swallowing = winnerGoesOn;
                }
            }
        }
        out.append(text, released, at);
        if (at > COMPACT_AT) {
            text.delete(0, at - CONTEXT);
            at = CONTEXT;
        }
        return out.toString();
    }

    /** Half a character is never looked at: no pattern could tell that it is a half. */
    private int wholeCharacters() {
        int length = text.length();
        return length > 0 && Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
    }

    private int longestMatch(int end, End state) {
        char first = text.charAt(at);
        int longest = 0;
        for (int i = 0; i < matchers.size(); i++) {
            Redaction redaction = redactions.get(i);
            if (redaction.mayStartWith(first)) {
                int length = match(redaction, matchers.get(i), end, state, longest);
                if (length == UNDECIDED) {
                    return UNDECIDED;
                }
                longest = Math.max(longest, length);
            }
        }
        return longest;
    }

    /** Returns the length of a match here, 0 for none, and makes it the winner where it is longer than the longest so far. */
    private int match(Redaction redaction, Matcher matcher, int end, End state, int longest) {
        int windowStart = Math.max(0, at - CONTEXT);
        int windowEnd = windowEnd(end);
        boolean full = end - at >= maxMatch;
        boolean decided = full || state != End.OPEN;
        int from = at - windowStart;
        window.show(windowStart, windowEnd);
        window.refill();
        int to;
        boolean growing;
        try {
            matcher.region(from, window.length());
            to = matcher.lookingAt() ? redaction.accept(window, from, matcher.end()) : from;
            growing = matcher.hitEnd();
        } catch (Window.ExhaustedException _) {
            to = window.length();
            growing = true;
        }
        if (growing && !decided) {
            return UNDECIDED;
        }
        if (growing && state == End.BROKEN && windowEnd == text.length()) {
            window.refill();
            to = redaction.tells(window, from) ? window.length() : to;
        }
        if (to - from > longest) {
            winner = redaction;
            winnerGoesOn = growing && full && to == window.length();
        }
        return to - from;
    }

    private int windowEnd(int end) {
        int cut = Math.min(at + maxMatch, end);
        boolean partsAPair = cut < end
                && Character.isHighSurrogate(text.charAt(cut - 1))
                && Character.isLowSurrogate(text.charAt(cut));
        return partsAPair ? cut + 1 : cut;
    }

    private static boolean delimits(char character) {
        return Character.isWhitespace(character) || "\"'`,;<>()[]{}".indexOf(character) >= 0;
    }
}
