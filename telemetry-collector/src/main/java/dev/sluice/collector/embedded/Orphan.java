package dev.sluice.collector.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * A server that outlived its collector. The supervising shell ends it within moments of the collector's death, but the
 * shell may have been killed as well. Whoever holds the data folder's lock may end it.
 */
final class Orphan {

    private static final Logger LOG = Logger.getLogger(Orphan.class);

    private Orphan() {}

    /** Returns once no server uses the cluster. */
    static void end(DataFolder folder, ServerBinaries binaries, ServerAccount account) throws IOException {
        var pid = folder.announcedServer();
        if (pid == null) {
            return;
        }
        var process = ProcessHandle.of(pid).orElse(null);
        if (process == null) {
            // PostgreSQL recognises a stale file by itself when no such process exists.
            return;
        }
        var program = isZombie(pid) ? "zombie" : process.info().command().orElse("");
        if (program.isEmpty()) {
            throw new EmbeddedPostgresException("Process " + pid + " may be a PostgreSQL that still uses "
                    + folder.cluster() + ": end it, or delete postmaster.pid there when it is something else.");
        }
        if (!program.endsWith("/postgres")) {
            // After a reboot the number belongs to a stranger. PostgreSQL would refuse to start, pg_ctl would signal
            // it.
            Files.deleteIfExists(folder.cluster().resolve("postmaster.pid"));
            return;
        }
        LOG.infof("Stopping PostgreSQL process %d, which outlived its collector", pid);
        for (var mode : List.of("fast", "immediate")) {
            var stop = Command.run(account.command(List.of(
                    binaries.program("pg_ctl"),
                    "stop",
                    "-w",
                    "-t",
                    "20",
                    "-m",
                    mode,
                    "-D",
                    folder.cluster().toString())));
            if (stop.succeeded() || folder.announcedServer() == null) {
                return;
            }
        }
        throw new EmbeddedPostgresException(
                "PostgreSQL process " + pid + " still uses " + folder.cluster() + " and does not stop: end it.");
    }

    /** Only Linux tells; elsewhere init buries the dead at once. */
    private static boolean isZombie(long pid) throws IOException {
        var stat = Path.of("/proc", Long.toString(pid), "stat");
        try {
            var text = Files.exists(stat) ? Files.readString(stat) : "";
            return text.startsWith(") Z", text.lastIndexOf(')'));
        } catch (NoSuchFileException goneMeanwhile) {
            return true;
        }
    }
}
