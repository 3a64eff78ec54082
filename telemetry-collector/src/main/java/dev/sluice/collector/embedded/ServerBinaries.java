package dev.sluice.collector.embedded;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The programs of one PostgreSQL release, unpacked once per content hash and shared by all data folders beside it. */
record ServerBinaries(Path home) {

    /**
     * Unpacks the archive of this platform under {@code cache}, unless that was done before. Safe when several processes
     * do so at once: each unpacks into a folder of its own, and a rename decides.
     */
    static ServerBinaries unpack(Path cache) {
        var archive = archive();
        try {
            var home = cache.resolve("postgres-" + hash(archive));
            var binaries = new ServerBinaries(home);
            if (Files.isDirectory(home) && !binaries.work()) {
                // Only a power failure soon after unpacking leaves this behind.
                delete(home);
            }
            if (!Files.isDirectory(home)) {
                Files.createDirectories(cache);
                var own = Files.createTempDirectory(cache, ".unpacking-");
                extract(archive, own);
                publish(own, home);
            }
            return binaries;
        } catch (IOException e) {
            throw new EmbeddedPostgresException(
                    "The embedded PostgreSQL could not be unpacked to " + cache + ": " + e, e);
        }
    }

    String program(String name) {
        return home.resolve("bin").resolve(name).toString();
    }

    /** Deletes a folder and all that is in it. */
    static void delete(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private boolean work() throws IOException {
        return Files.isExecutable(Path.of(program("postgres")))
                && Command.run(List.of(program("postgres"), "--version")).succeeded();
    }

    private static byte[] archive() {
        var name = "/postgres-" + platform() + ".txz";
        try (var resource = ServerBinaries.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new EmbeddedPostgresException("There is no embedded PostgreSQL for this platform (" + platform()
                        + "): configure quarkus.datasource.reactive.url.");
            }
            return resource.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String platform() {
        var system = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
        var arm = List.of("aarch64", "arm64").contains(System.getProperty("os.arch"));
        return system + (arm ? "-arm_64" : "-x86_64");
    }

    private static String hash(byte[] archive) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(archive);
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void extract(byte[] archive, Path target) throws IOException {
        // Another account may have to read what we unpack, whatever our umask says.
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (var tar = new TarArchiveInputStream(
                new BufferedInputStream(new XZInputStream(new ByteArrayInputStream(archive))))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                write(tar, entry, target);
            }
        }
    }

    private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path target) throws IOException {
        var path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) {
            throw new IOException("the archive reaches out of its folder");
        }
        Files.createDirectories(entry.isDirectory() ? path : path.resolveSibling("."));
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (entry.isFile()) {
            Files.copy(tar, path, StandardCopyOption.REPLACE_EXISTING);
            var executable = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(
                    path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }

    private static void publish(Path own, Path home) throws IOException {
        try {
            Files.move(own, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            delete(own);
            if (!Files.isDirectory(home)) {
                throw e;
            }
            // Another process was faster, and what it unpacked is the same.
        }
    }
}
