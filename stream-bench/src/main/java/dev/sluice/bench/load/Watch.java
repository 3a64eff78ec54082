package dev.sluice.bench.load;

import dev.sluice.bench.net.Mark;

/** Measures one stream while its bytes come. Used again for the next one. */
final class Watch implements Mark.Finder.Found {

    private final Figures figures;
    private final Mark.Finder finder = new Mark.Finder();
    private final int expected;
    private final int ignored;
    private long startedNanos;
    private long nowNanos;
    private int marks;

    Watch(Plan plan, Figures figures) {
        this.figures = figures;
        this.expected = plan.chunks();
        this.ignored = plan.ignored();
    }

    void begin() {
        finder.reset();
        marks = 0;
        startedNanos = System.nanoTime();
    }

    void bytes(byte[] bytes, int from, int to, long readAtNanos) {
        nowNanos = readAtNanos;
        finder.look(bytes, from, to, this);
    }

    @Override
    public void mark(long nanos) {
        if (marks == 0) {
            figures.firstChunk(nowNanos - startedNanos);
        }
        if (marks < expected) {
            figures.chunk(nowNanos - nanos);
        }
        marks++;
    }

    /** The stream came to its end. */
    void ended() {
        if (marks == expected + ignored) {
            figures.whole();
        } else {
            figures.broken("A stream ended with " + marks + " of " + (expected + ignored) + " marks.");
        }
    }

    /** The stream broke. */
    void broke(String why) {
        figures.broken("A stream broke after " + marks + " of " + (expected + ignored) + " marks: " + why);
    }
}
