package dev.sluice.bench.child;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A folder and processes for the time of one run. They go when the run is closed, or when this process is asked to end. */
public final class Run implements AutoCloseable {

    /** A gateway in training writes what it learnt before it ends. */
    private static final int PATIENCE_S = 60;

    private final Path folder;
    private final Deque<Process> processes = new ArrayDeque<>();
    private final Thread atExit = new Thread(this::end, "end of the run");

    /** Begins a run. */
    public static Run begin() throws IOException {
        Run run = new Run(Files.createTempDirectory("sluice-bench"));
        Runtime.getRuntime().addShutdownHook(run.atExit);
        return run;
    }

    private Run(Path folder) {
        this.folder = folder;
    }

    /** Returns where its processes may write. */
    Path folder() {
        return folder;
    }

    synchronized void own(Process process) {
        processes.push(process);
    }

    /** Asks a process to end, waits, and kills it where that takes too long. */
    static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** What was started last ends first. */
    private synchronized void end() {
        while (!processes.isEmpty()) {
            end(processes.pop());
        }
        try (Stream<Path> files = Files.exists(folder) ? Files.walk(folder) : Stream.empty()) {
            files.sorted(Comparator.reverseOrder()).forEach(Run::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException _) {
            // This process is ending as well.
        }
    }
}
