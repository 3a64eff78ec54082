package dev.sluice.collector.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one embedded server, held by one collector from {@link #open} to {@link #close}. The operating system
 * takes the lock back when its holder dies, however it dies.
 *
 * <pre>
 * collector.lock   held while a collector runs
 * password         of the server's only account
 * cluster/         PostgreSQL's own data
 * cluster.new/     a cluster in the making; deleted at the next start
 * server.log       what PostgreSQL has to say
 * </pre>
 */
final class DataFolder implements AutoCloseable {

    static final String USER = "sluice";
    private static final String MAJOR_VERSION = "18";
    private static final long MAX_LOG_BYTES = 16L << 20;

    private final Path root;
    private final FileChannel lockFile;

    private DataFolder(Path root, FileChannel lockFile) {
        this.root = root;
        this.lockFile = lockFile;
    }

    /** Takes the folder, making it if need be. Fails with one sentence when another collector has it. */
    static DataFolder open(Path root) {
        try {
            Files.createDirectories(root);
            var lockFile = FileChannel.open(
                    root.resolve("collector.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(lockFile) == null) {
                lockFile.close();
                throw new EmbeddedPostgresException("The data folder " + root
                        + " is in use by another collector: stop it, or set SLUICE_DATA_DIR to another folder.");
            }
            return new DataFolder(root, lockFile);
        } catch (IOException e) {
            throw new EmbeddedPostgresException("The data folder " + root + " cannot be used: " + e, e);
        }
    }

    Path cluster() {
        return root.resolve("cluster");
    }

    Path serverLog() {
        return root.resolve("server.log");
    }

    /** Makes the cluster unless there is one. A cluster that was only half made is made again. */
    void prepare(ServerBinaries binaries, ServerAccount account) throws IOException {
        var fresh = root.resolve("cluster.new");
        if (Files.exists(fresh)) {
            ServerBinaries.delete(fresh);
        }
        if (Files.exists(cluster())) {
            checkVersion();
        } else {
            create(binaries, account, fresh);
        }
        if (Files.exists(serverLog()) && Files.size(serverLog()) > MAX_LOG_BYTES) {
            Files.delete(serverLog());
        }
        if (Files.notExists(serverLog())) {
            Files.createFile(serverLog());
        }
        for (var path : List.of(cluster(), serverLog())) {
            account.take(path);
        }
    }

    String password() {
        try {
            return Files.readString(passwordFile()).strip();
        } catch (IOException e) {
            throw new EmbeddedPostgresException(
                    "The password of the embedded PostgreSQL cannot be read from " + passwordFile() + ".", e);
        }
    }

    /** Process id in {@code postmaster.pid}, or null when no server says that it is running. */
    @Nullable
    Long announcedServer() throws IOException {
        var file = cluster().resolve("postmaster.pid");
        if (Files.notExists(file)) {
            return null;
        }
        try (var lines = Files.lines(file)) {
            return lines.findFirst()
                    .map(String::strip)
                    .filter(line -> line.matches("[0-9]{1,18}"))
                    .map(Long::valueOf)
                    .orElse(null);
        }
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new EmbeddedPostgresException("The data folder " + root + " could not be given back: " + e, e);
        }
    }

    private void create(ServerBinaries binaries, ServerAccount account, Path fresh) throws IOException {
        writePassword();
        Files.createDirectory(
                fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        account.take(fresh);
        account.take(passwordFile());
        var initdb = Command.run(account.command(List.of(
                binaries.program("initdb"),
                "--pgdata=" + fresh,
                "--username=" + USER,
                "--pwfile=" + passwordFile(),
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--no-locale")));
        if (!initdb.succeeded()) {
            throw new EmbeddedPostgresException("The embedded PostgreSQL could not be set up in " + root + ": "
                    + initdb.lastLine() + " Delete the folder, or set SLUICE_DATA_DIR to another one.");
        }
        // initdb has synced its files; the rename makes a complete cluster appear, or none.
        Files.move(fresh, cluster(), StandardCopyOption.ATOMIC_MOVE);
        try (var directory = FileChannel.open(root)) {
            directory.force(true);
        }
    }

    private void writePassword() throws IOException {
        var secret = new byte[24];
        new SecureRandom().nextBytes(secret);
        Files.deleteIfExists(passwordFile());
        Files.createFile(
                passwordFile(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(passwordFile(), HexFormat.of().formatHex(secret));
    }

    private void checkVersion() throws IOException {
        var file = cluster().resolve("PG_VERSION");
        var version = Files.exists(file) ? Files.readString(file).strip() : "none";
        if (!version.equals(MAJOR_VERSION)) {
            throw new EmbeddedPostgresException(
                    "The data folder " + root + " holds PostgreSQL data of version " + version
                            + ", but the embedded server is version " + MAJOR_VERSION
                            + ": move the folder away, or set SLUICE_DATA_DIR to another one.");
        }
    }

    private Path passwordFile() {
        return root.resolve("password");
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }
}
