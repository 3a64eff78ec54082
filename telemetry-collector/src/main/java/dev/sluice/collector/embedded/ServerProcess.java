package dev.sluice.collector.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A running server and the shell that watches over it. The shell reads from a pipe whose other end is the collector's:
 * when the collector closes it, or dies in whatever way, the shell reads the end and stops the server. So nothing has to
 * be found and adopted after {@code kill -9}; {@link Orphan} is for the case that the shell was killed as well.
 */
final class ServerProcess implements AutoCloseable {

    /**
     * Signals are ignored because Ctrl-C reaches the whole process group, and the server must outlive the collector's
     * last request. pg_ctl puts the server itself into a session of its own. A shell that is late, on a busy machine, must
     * not stop the server of the next collector: it only stops the one it started.
     */
    private static final String WATCH = """
            trap '' HUP INT TERM
            server() { head -n 1 "$2/postmaster.pid" 2>/dev/null; }
            "$1" start -w -s -t 300 -D "$2" -l "$3" -o "$4" || exit 1
            own=$(server "$@")
            echo started
            cat >/dev/null
            for mode in fast immediate; do
              if [ "$(server "$@")" = "$own" ]; then "$1" stop -w -s -t 30 -m $mode -D "$2"; fi
            done
            """;

    private static final long STOP_SECONDS = 75;

    private final Process shell;

    private ServerProcess(Process shell) {
        this.shell = shell;
    }

    /** Returns once the server takes connections on the port of 127.0.0.1; the cluster must be free. */
    static ServerProcess start(DataFolder folder, ServerBinaries binaries, ServerAccount account, int port)
            throws IOException {
        var logged = Files.size(folder.serverLog());
        var shell = new ProcessBuilder(account.command(List.of(
                        "sh",
                        "-c",
                        WATCH,
                        "sluice-postgres",
                        binaries.program("pg_ctl"),
                        folder.cluster().toString(),
                        folder.serverLog().toString(),
                        options(port))))
                .redirectErrorStream(true)
                .start();
        var started = false;
        try {
            // Not closed: closing it would close the pipe under a shell that may still have something to say.
            var output = new BufferedReader(shell.inputReader(StandardCharsets.UTF_8));
            for (var line = output.readLine(); line != null; line = output.readLine()) {
                if (line.equals("started")) {
                    started = true;
                    return new ServerProcess(shell);
                }
            }
            throw new IOException(reason(folder, logged));
        } finally {
            if (!started) {
                shell.getOutputStream().close();
            }
        }
    }

    /** Stops the server with a checkpoint. Returns when it is gone. */
    @Override
    public void close() {
        try {
            shell.getOutputStream().close();
            if (!shell.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                throw new EmbeddedPostgresException("The embedded PostgreSQL did not stop in time.");
            }
        } catch (IOException e) {
            throw new EmbeddedPostgresException("The embedded PostgreSQL could not be stopped: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** On the command line, where no file in the data folder can weaken them. */
    private static String options(int port) {
        return String.join(
                " -c ",
                "-p " + port,
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "fsync=on",
                "synchronous_commit=on",
                "full_page_writes=on",
                "max_connections=50",
                "max_wal_size=2GB",
                "wal_compression=on",
                "checkpoint_timeout=15min",
                "log_checkpoints=off",
                "timezone=UTC",
                "log_timezone=UTC");
    }

    private static String reason(DataFolder folder, long logged) throws IOException {
        var log = Files.readAllBytes(folder.serverLog());
        var from = (int) Math.min(logged, log.length);
        var text = new String(log, from, log.length - from, StandardCharsets.UTF_8);
        return text.lines()
                .filter(line -> line.contains("FATAL") || line.contains("PANIC"))
                .findFirst()
                .orElse("see " + folder.serverLog());
    }
}
