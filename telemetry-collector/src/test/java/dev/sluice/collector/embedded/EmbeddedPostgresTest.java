package dev.sluice.collector.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.collector.TestData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

final class EmbeddedPostgresTest {

    private final Path dataDir = TestData.folder();

    @Test
    void theServerIsDurableAndListensOnLoopbackOnly() throws Exception {
        try (var server = EmbeddedPostgres.start(dataDir, 0)) {
            for (var setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
                assertThat(query(server, "SHOW " + setting)).isEqualTo("on");
            }
            assertThat(query(server, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(query(server, "SHOW unix_socket_directories")).isEmpty();
        }
    }

    @Test
    void nobodyGetsInWithoutThePassword() {
        try (var server = EmbeddedPostgres.start(dataDir, 0)) {
            assertThatThrownBy(() -> DriverManager.getConnection(server.jdbcUrl(), server.user(), "guess")
                            .close())
                    .isInstanceOf(SQLException.class);
        }
        assertThat(dataDir.resolve("password")).isNotEmptyFile();
    }

    @Test
    void dataIsThereAtTheNextStart() throws Exception {
        try (var server = EmbeddedPostgres.start(dataDir, 0)) {
            execute(server, "CREATE TABLE kept AS SELECT 42 AS answer");
        }
        try (var server = EmbeddedPostgres.start(dataDir, 0)) {
            assertThat(query(server, "SELECT answer FROM kept")).isEqualTo("42");
        }
    }

    @Test
    void oneFolderServesOneServerAtATime() {
        try (var server = EmbeddedPostgres.start(dataDir, 0)) {
            assertThatThrownBy(() -> EmbeddedPostgres.start(dataDir, 0).close())
                    .isInstanceOf(EmbeddedPostgresException.class)
                    .hasMessageContaining("in use by another collector");
            assertThat(server.port()).isPositive();
        }
        EmbeddedPostgres.start(dataDir, 0).close();
    }

    @Test
    void aClusterThatWasOnlyHalfMadeIsMadeAgain() throws Exception {
        var half = Files.createDirectories(dataDir.resolve("cluster.new"));
        Files.writeString(half.resolve("PG_VERSION"), "18");
        Files.createDirectory(half.resolve("base"));
        try (var server = EmbeddedPostgres.start(dataDir, 0)) {
            assertThat(query(server, "SELECT 1")).isEqualTo("1");
        }
        assertThat(half).doesNotExist();
    }

    @Test
    void dataOfAnotherVersionIsLeftAloneAndNamed() throws Exception {
        var cluster = Files.createDirectories(dataDir.resolve("cluster"));
        Files.writeString(cluster.resolve("PG_VERSION"), "15\n");
        assertThatThrownBy(() -> EmbeddedPostgres.start(dataDir, 0).close())
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("version 15");
    }

    @Test
    void aStrangersProcessInAStalePidFileIsLeftAlone() throws Exception {
        EmbeddedPostgres.start(dataDir, 0).close();
        var stranger = ProcessHandle.current();
        Files.writeString(
                dataDir.resolve("cluster/postmaster.pid"), stranger.pid() + "\n" + dataDir.resolve("cluster") + "\n");
        EmbeddedPostgres.start(dataDir, 0).close();
        assertThat(stranger.isAlive()).isTrue();
    }

    @Test
    void rootMayRunTheServerAsNobodyWhereNamespacesAreForbidden() throws Exception {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
        var walkable = Files.createTempDirectory(Path.of("/tmp"), "sluice-nobody-");
        Files.setPosixFilePermissions(walkable, PosixFilePermissions.fromString("rwxr-xr-x"));
        var folder = walkable.resolve("data");
        try {
            try (var server = EmbeddedPostgres.start(folder, 0, ServerAccount.NOBODY)) {
                execute(server, "CREATE TABLE kept AS SELECT 42 AS answer");
            }
            // The same data under the other account: the folder changes hands.
            try (var server = EmbeddedPostgres.start(folder, 0, ServerAccount.choose())) {
                assertThat(query(server, "SELECT answer FROM kept")).isEqualTo("42");
            }
        } finally {
            ServerBinaries.delete(walkable);
        }
    }

    @Test
    void programsAreUnpackedOnceHoweverManyStartTogether() throws Exception {
        var cache = dataDir.resolve("bin");
        try (var starters = Executors.newFixedThreadPool(3)) {
            Callable<ServerBinaries> starter = () -> ServerBinaries.unpack(cache);
            var homes = starters.invokeAll(List.of(starter, starter, starter));
            for (var home : homes) {
                assertThat(home.get()).isEqualTo(homes.getFirst().get());
            }
        }
        try (var entries = Files.list(cache)) {
            assertThat(entries).hasSize(1);
        }
    }

    private static String query(EmbeddedPostgres server, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(server.jdbcUrl(), server.user(), server.password());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    private static void execute(EmbeddedPostgres server, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(server.jdbcUrl(), server.user(), server.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
