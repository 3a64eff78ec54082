package dev.sluice.gateway.transform;

/**
 * The piece of a text that a pattern may look at, and so many looks, after which it is taken for one without an end. For one
 * thread.
 */
class Window implements CharSequence {

    /** A sound pattern looks at each character a few times; one that backtracks without bound is at once beyond this. */
    private static final int LOOKS = 20_000;

    /** What all patterns together may look at one delta: some tens of milliseconds. */
    private static final int LOOKS_AT_ONCE = 2_000_000;

    private static final int LOOKS_A_CHARACTER = 300;
    private static final int MAX_LOOKS_AT_ONCE = 20_000_000;

    private final StringBuilder text;
    private int start;
    private int end;
    private int granted;
    private int looks;
    private long left = LOOKS_AT_ONCE;

    /** A pattern looked too often. Has no stack trace. */
    static final class ExhaustedException extends RuntimeException {

        private ExhaustedException() {
            super("too many looks", null, false, false);
        }
    }

    Window(StringBuilder text) {
        this.text = text;
    }

    /** Shows the text between two places. */
    void show(int from, int to) {
        start = from;
        end = to;
    }

    /** Begins with a delta: what was not looked at before is forgotten. */
    void allow(int characters) {
        granted = 0;
        looks = 0;
        left = Math.min(LOOKS_AT_ONCE + (long) LOOKS_A_CHARACTER * characters, MAX_LOOKS_AT_ONCE);
    }

    /** Lets the next pattern look. */
    void refill() {
        left -= granted - Math.max(0, looks);
        granted = Math.clamp(left, 0, LOOKS);
        looks = granted;
    }

    @Override
    public char charAt(int index) {
        if (--looks < 0) {
            throw new ExhaustedException();
        }
        return text.charAt(start + index);
    }

    @Override
    public int length() {
        return end - start;
    }

    @Override
    public CharSequence subSequence(int from, int to) {
        return text.substring(start + from, start + to);
    }

    @Override
    public String toString() {
        return text.substring(start, end);
    }
}
