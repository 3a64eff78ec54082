package dev.sluice.collector.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.jboss.logging.Logger;

/**
 * A durable PostgreSQL on 127.0.0.1, from {@link #start} to {@link #close}. Data stays in its folder for the next start.
 * Whatever ends the collector ends the server.
 */
public final class EmbeddedPostgres implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(EmbeddedPostgres.class);
    private static final int ATTEMPTS = 4;
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final DataFolder folder;
    private final ServerBinaries binaries;
    private final ServerAccount account;
    private final int port;
    private ServerProcess server;
    private boolean closed;

    private EmbeddedPostgres(
            DataFolder folder, ServerBinaries binaries, ServerAccount account, ServerProcess server, int port) {
        this.folder = folder;
        this.binaries = binaries;
        this.account = account;
        this.server = server;
        this.port = port;
    }

    /**
     * Starts a server on the data of a folder, which is made if need be. Blocks until connections are taken, which after a
     * crash includes recovery.
     *
     * @param dataDir folder of this server alone; the programs are unpacked beside it, into {@code bin}
     * @param port TCP port, or 0 for a free one
     * @throws EmbeddedPostgresException with one sentence when it cannot be done; nothing is left running then
     */
    public static EmbeddedPostgres start(Path dataDir, int port) {
        return start(dataDir, port, ServerAccount.choose());
    }

    static EmbeddedPostgres start(Path dataDir, int port, ServerAccount account) {
        var root = dataDir.toAbsolutePath().normalize();
        var folder = DataFolder.open(root);
        try {
            var binaries = ServerBinaries.unpack(root.resolveSibling("bin"));
            folder.prepare(binaries, account);
            Orphan.end(folder, binaries, account);
            return launch(folder, binaries, account, port);
        } catch (IOException e) {
            folder.close();
            throw new EmbeddedPostgresException(
                    "The embedded PostgreSQL in " + root + " does not start: " + e.getMessage() + ".", e);
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    public int port() {
        return port;
    }

    /** For the JDBC driver. Carries no password. */
    public String jdbcUrl() {
        return "jdbc:" + reactiveUrl();
    }

    /** For the Vert.x client. Carries no password. */
    public String reactiveUrl() {
        return "postgresql://127.0.0.1:" + port + "/postgres";
    }

    public String user() {
        return DataFolder.USER;
    }

    public String password() {
        return folder.password();
    }

    /**
     * From now on a server that dies, which it may when memory is short, is started again on the same port. Until it is
     * back its clients get connection errors.
     */
    public void restartWhenItDies() {
        Thread.ofPlatform().daemon().name("embedded-postgres-watch").start(this::watch);
    }

    /** Stops the server, then gives the folder back. Does nothing the second time. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            server.close();
        } finally {
            folder.close();
        }
    }

    private void watch() {
        try {
            while (true) {
                var pid = folder.announcedServer();
                var process = pid == null ? null : ProcessHandle.of(pid).orElse(null);
                if (process != null) {
                    process.onExit().get();
                }
                if (!restart()) {
                    return;
                }
            }
        } catch (IOException | ExecutionException e) {
            LOG.error("The embedded PostgreSQL is no longer watched", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns false when the server was stopped on purpose. */
    private synchronized boolean restart() throws IOException, InterruptedException {
        if (closed) {
            return false;
        }
        LOG.error("The embedded PostgreSQL died and is started again");
        try {
            server.close();
            Orphan.end(folder, binaries, account);
            server = ServerProcess.start(folder, binaries, account, port);
        } catch (IOException | EmbeddedPostgresException e) {
            LOG.errorf("The embedded PostgreSQL does not start: %s", e.getMessage());
            Thread.sleep(PAUSE);
        }
        return true;
    }

    private static EmbeddedPostgres launch(
            DataFolder folder, ServerBinaries binaries, ServerAccount account, int wantedPort) throws IOException {
        for (var attempt = 1; ; attempt++) {
            var port = wantedPort == 0 ? freePort() : wantedPort;
            try {
                var server = ServerProcess.start(folder, binaries, account, port);
                return new EmbeddedPostgres(folder, binaries, account, server, port);
            } catch (IOException e) {
                // The free port was taken meanwhile, or the last processes of a killed server hold its shared memory.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                pause();
            }
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
