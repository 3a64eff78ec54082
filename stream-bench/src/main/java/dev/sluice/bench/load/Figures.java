package dev.sluice.bench.load;

import dev.sluice.bench.figures.Percentiles;
import org.jspecify.annotations.Nullable;

/** What a load measured. */
public final class Figures {

    private final Percentiles firstChunk = new Percentiles();
    private final Percentiles chunkDelay = new Percentiles();
    private long whole;
    private long broken;
    private long errors;
    private double chunksPerSecond;
    private double streamsPerSecond;
    private @Nullable String firstFault;

    void firstChunk(long nanos) {
        firstChunk.record(nanos);
    }

    void chunk(long delayNanos) {
        chunkDelay.record(delayNanos);
    }

    void whole() {
        whole++;
    }

    void broken(String why) {
        broken++;
        fault(why);
    }

    void error(String why) {
        errors++;
        fault(why);
    }

    /** All of it took so long. */
    void took(double wallSeconds) {
        took(wallSeconds, chunks(), whole);
    }

    /** In so much time this much came; the rest came while the last streams ended. */
    void took(double wallSeconds, long chunksInTime, long streamsInTime) {
        chunksPerSecond = chunksInTime / wallSeconds;
        streamsPerSecond = streamsInTime / wallSeconds;
    }

    private void fault(String why) {
        if (firstFault == null) {
            firstFault = why;
        }
    }

    /** From sending the request to the first chunk of text. */
    public Percentiles firstChunk() {
        return firstChunk;
    }

    /** From the provider's write of a chunk to our read of it. */
    public Percentiles chunkDelay() {
        return chunkDelay;
    }

    public long chunks() {
        return chunkDelay.count();
    }

    /** Streams that came to their end with every chunk. */
    public long streams() {
        return whole;
    }

    /** Streams that ended early or with another number of chunks. */
    public long broken() {
        return broken;
    }

    /** Requests that were refused, and connections that could not be opened. */
    public long errors() {
        return errors;
    }

    public boolean sound() {
        return broken == 0 && errors == 0 && whole > 0;
    }

    /** Returns what the first broken stream or error was; null where there was none. */
    public @Nullable String firstFault() {
        return firstFault;
    }

    public double chunksPerSecond() {
        return chunksPerSecond;
    }

    public double streamsPerSecond() {
        return streamsPerSecond;
    }
}
