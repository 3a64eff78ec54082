package dev.sluice.gateway.pipeline;

/**
 * Finds how much of a continuation's beginning says once more what the text before it ends with. How the continuation is cut
 * makes no difference. For one thread.
 *
 * <p>The longest repetition counts, if it can hardly be meant. Up to {@link #MAX} characters are compared, and a repetition
 * counts from {@link #MIN} characters. Less counts from {@link #MIN_WORDS}, where it is words: where a broken-off one, and what may
 * stand before it, is begun anew, since nobody goes on with "brown" after "the quick bro" without repeating; and where the
 * continuation starts over with all of a short text, "Hello, world" after "Hello, ". What repeats itself already, as the lines of
 * a table or "ha ha ha", goes on repeating: it is left alone, and so is what starts over and then says the same a third time.
 */
final class Overlap {

    static final int MAX = 500;
    static final int MIN = 16;
    static final int MIN_WORDS = 3;

    private final String before;
    private final int end;
    private final String opening;
    private final StringBuilder held = new StringBuilder();
    private int from;

    /** @param text everything before the seam */
    Overlap(StringBuilder text) {
        // Twice as much as is compared, so that it shows whether the text repeats itself.
        this.before = text.substring(Math.max(0, text.length() - 2 * MAX));
        this.end = before.length();
        this.opening = end < MIN ? upToTheLastLetter(before) : "";
        this.from = Math.max(0, end - MAX);
    }

    private static String upToTheLastLetter(String text) {
        int length = text.length();
        while (length > 0 && !Character.isLetter(text.charAt(length - 1))) {
            length--;
        }
        return text.substring(0, length);
    }

    /** Takes more of the continuation; what it returns is surely new. Empty while all of it may still be a repetition. */
    String more(String delta) {
        held.append(delta);
        while (from < end) {
            int common = Math.min(held.length(), end - from);
            if (counts(from) && before.startsWith(held.substring(0, common), from)) {
                return common < end - from || mayComeAThirdTime() ? "" : fresh();
            }
            from++;
        }
        return held.toString();
    }

    /** Returns what is new of a continuation that ends here. */
    String rest() {
        // Nothing more comes, so whatever is not repeated to its end was no repetition.
        for (int start = from; start < end; start++) {
            if (counts(start) && held.indexOf(before.substring(start)) == 0) {
                from = start;
                return fresh();
            }
        }
        return held.toString();
    }

    /** Returns what follows the repetition; all that was held where that is none. */
    private String fresh() {
        return held.substring(repeatsItself() || comesAThirdTime() ? 0 : end - from);
    }

    private boolean counts(int start) {
        int length = end - start;
        if (length >= MIN) {
            return true;
        }
        char last = before.charAt(end - 1);
        if (length == 1) {
            // Half a character says nothing by itself, and is said again with the other half.
            return Character.isHighSurrogate(last);
        }
        if (start == 0) {
            return opening.length() >= MIN_WORDS;
        }
        return length >= MIN_WORDS
                && Character.isLetter(last)
                && Character.isLetter(before.charAt(start))
                && !Character.isLetterOrDigit(before.charAt(start - 1));
    }

    /** Whether more is needed to tell whether {@link #comesAThirdTime}. */
    private boolean mayComeAThirdTime() {
        return comesAThirdTime() && held.length() - end < opening.length();
    }

    /** Whether the answer's first words, which the continuation began with, stand behind these again, as far as that goes. */
    private boolean comesAThirdTime() {
        int further = Math.min(held.length() - end, opening.length());
        return from == 0 && further > 0 && opening.startsWith(held.substring(end, end + further));
    }

    private boolean repeatsItself() {
        int length = end - from;
        if (before.startsWith(before.substring(from), from - length)) {
            return true;
        }
        for (int period = 1; period <= length / 2; period++) {
            if (before.startsWith(before.substring(from, end - period), from + period)) {
                return true;
            }
        }
        return false;
    }
}
