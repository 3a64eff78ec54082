package dev.sluice.bench.child;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A process of a run. */
public abstract sealed class Child implements AutoCloseable permits Gateway, Provider, Nginx {

    private final Process process;

    /** Starts it; what it says goes into a file of the run, standard output excepted where it is {@code heard}. */
    Child(Run run, String name, List<String> command, Map<String, String> environment, boolean heard)
            throws IOException {
        Path said = run.folder().resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.redirectError(said.toFile());
        if (!heard) {
            builder.redirectErrorStream(true).redirectOutput(said.toFile());
        }
        process = builder.start();
        run.own(process);
    }

    /** Returns the process, to measure it. */
    public final ProcessHandle handle() {
        return process.toHandle();
    }

    final Process process() {
        return process;
    }

    @Override
    public final void close() {
        Run.end(process);
    }
}
