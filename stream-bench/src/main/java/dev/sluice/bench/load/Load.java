package dev.sluice.bench.load;

import dev.sluice.bench.figures.ProcessMeter;
import dev.sluice.bench.net.Loop;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a plan to its end, on the calling thread. */
public final class Load {

    private static final long SAMPLE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Plan plan;
    private final Loop loop;
    private final Figures figures = new Figures();
    private final List<ProcessMeter> meters;
    private final long startedNanos = System.nanoTime();
    private int opened;
    private int running;

    private Load(Plan plan, Loop loop, List<ProcessMeter> meters) {
        this.plan = plan;
        this.loop = loop;
        this.meters = meters;
    }

    /**
     * Streams over HTTP/1.1, a connection for each reader. Returns when the last stream has ended, or {@code patience} after
     * the time to start streams is over; what still runs then is broken.
     */
    public static Figures run(Plan plan, Duration patience, List<ProcessMeter> meters) throws IOException {
        return run(plan, patience, meters, Http1Reader::new);
    }

    /** The same over HTTP/2 without TLS, with as many streams on a connection as the server allows. */
    public static Figures runHttp2(Plan plan, Duration patience, List<ProcessMeter> meters) throws IOException {
        Http2Readers readers = new Http2Readers();
        return run(plan, patience, meters, readers::open);
    }

    private static Figures run(Plan plan, Duration patience, List<ProcessMeter> meters, Readers readers)
            throws IOException {
        try (Loop loop = new Loop()) {
            Load load = new Load(plan, loop, meters);
            load.open(readers);
            load.sample();
            load.until(patience);
            return load.figures;
        }
    }

    /** Opens one reader, which begins at once. */
    interface Readers {
        void open(Load load, int number);
    }

    private void until(Duration patience) throws IOException {
        long stop = startedNanos + plan.duration().toNanos();
        loop.runUntil(() -> System.nanoTime() >= stop);
        long chunksInTime = figures.chunks();
        long streamsInTime = figures.streams();
        long last = System.nanoTime() + patience.toNanos();
        loop.runUntil(() -> (running == 0 && opened == plan.connections()) || System.nanoTime() >= last);
        if (plan.onceEach()) {
            figures.took(secondsSinceStart());
        } else {
            figures.took(plan.duration().toNanos() / 1e9, chunksInTime, streamsInTime);
        }
        for (; running > 0; running--) {
            figures.broken("A stream did not end in time.");
        }
    }

    private double secondsSinceStart() {
        return (System.nanoTime() - startedNanos) / 1e9;
    }

    private void open(Readers readers) {
        long due = plan.perSecond() == 0
                ? plan.connections()
                : Math.min(plan.connections(), (long) (secondsSinceStart() * plan.perSecond()) + 1);
        for (; opened < due; opened++) {
            readers.open(this, opened);
        }
        if (opened < plan.connections()) {
            loop.at(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1), () -> open(readers));
        }
    }

    private void sample() {
        meters.forEach(ProcessMeter::sample);
        loop.at(System.nanoTime() + SAMPLE_NANOS, this::sample);
    }

    Plan plan() {
        return plan;
    }

    Loop loop() {
        return loop;
    }

    Figures figures() {
        return figures;
    }

    void began() {
        running++;
    }

    /** A stream is over, one way or the other. Whether its reader should start another. */
    boolean over() {
        running--;
        return !plan.onceEach()
                && System.nanoTime() < startedNanos + plan.duration().toNanos();
    }
}
