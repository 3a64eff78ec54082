package dev.sluice.gateway.transform;

/**
 * The piece of a text that a pattern may look at, and so many looks, after which it is taken for one without an end. For one
 * thread.
 */
final class Window implements CharSequence {

    /** A sound pattern looks at each character a few times; one that backtracks without bound is at once beyond this. */
    private static final int LOOKS = 20_000;

    private final StringBuilder text;
    private int start;
    private int end;
    private int looks;

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

    /** Lets the next pattern look. */
    void refill() {
        looks = LOOKS;
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
