package dev.sluice.collector;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.UUID;

/** Folders for servers under test, in the build folder. They share the unpacked programs, and go with the test run. */
public final class TestData {

    private TestData() {}

    /** A folder that does not exist yet. */
    public static Path folder() {
        var folder = Path.of("target", "postgres", UUID.randomUUID().toString()).toAbsolutePath();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
        return folder;
    }

    private static void delete(Path folder) {
        if (Files.notExists(folder)) {
            return;
        }
        try (var paths = Files.walk(folder)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException stillInUse) {
            System.err.println("left behind: " + folder);
        }
    }
}
