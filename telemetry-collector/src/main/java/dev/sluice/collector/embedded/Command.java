package dev.sluice.collector.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A short-lived child process that has ended. */
record Command(int exitCode, String output) {

    /** Runs to the end. The output holds standard output and, after failure, standard error as well. */
    static Command run(List<String> command) throws IOException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Command(process.waitFor(), output);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + command.getFirst() + " was running", e);
        }
    }

    boolean succeeded() {
        return exitCode == 0;
    }

    /** The last line that says something, for a message of one sentence. */
    String lastLine() {
        return output.lines()
                .filter(line -> !line.isBlank())
                .reduce("no output", (former, latter) -> latter)
                .strip();
    }
}
