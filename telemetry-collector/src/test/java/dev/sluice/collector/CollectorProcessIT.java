package dev.sluice.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CollectorProcessIT {

    private final Path dataDir = TestData.folder();

    @Test
    void aSecondCollectorOnTheSameFolderSaysSoInOneSentenceAndEnds() throws Exception {
        try (var first = PackagedCollector.start(environment());
                var second = PackagedCollector.launch(environment())) {
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.output().lines().filter(line -> !line.startsWith("WARNING")))
                    .singleElement()
                    .asString()
                    .contains(dataDir.toString(), "in use by another collector");
            assertThat(first.statusOf("/q/health/ready")).isEqualTo(200);
        }
    }

    @Test
    void noProcessIsLeftAfterTheCollectorWasToldToEnd() throws Exception {
        try (var collector = PackagedCollector.start(environment())) {
            var server = server();
            collector.terminate();
            collector.exitCode();
            assertGone(server);
            assertThat(dataDir.resolve("cluster/postmaster.pid")).doesNotExist();
        }
    }

    @Test
    void noProcessIsLeftAfterTheCollectorWasKilled() throws Exception {
        try (var collector = PackagedCollector.start(environment())) {
            var server = server();
            collector.kill();
            assertGone(server);
        }
    }

    @Test
    void aServerThatOutlivedItsCollectorAndItsShellIsReplaced() throws Exception {
        ProcessHandle orphan;
        try (var first = PackagedCollector.start(environment())) {
            orphan = server();
            var shell = first.children();
            shell.forEach(ProcessHandle::destroyForcibly);
            first.kill();
            assertThat(orphan.isAlive()).isTrue();
        }
        try (var second = PackagedCollector.start(environment())) {
            assertThat(second.output()).contains("outlived its collector");
            assertThat(server().pid()).isNotEqualTo(orphan.pid());
        }
    }

    @Test
    void aServerThatDiesIsStartedAgainWithItsData() throws Exception {
        try (var collector = PackagedCollector.start(environment())) {
            var batch = Batches.of(List.of(Batches.event(Batches.streamId())));
            assertThat(collector.post(batch).statusCode()).isEqualTo(200);
            server().destroyForcibly();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> collector.post(batch).statusCode() == 200);
            assertThat(collector.post(batch).body()).asString().contains("\"duplicate\":1");
        }
    }

    @Test
    void operationsEndpointsAnswer() throws Exception {
        try (var collector = PackagedCollector.start(environment())) {
            assertThat(collector.statusOf("/q/health/live")).isEqualTo(200);
            assertThat(collector.statusOf("/q/metrics")).isEqualTo(200);
            assertThat(collector.get("/q/openapi?format=json").path("paths").has("/api/telemetry"))
                    .isTrue();
        }
    }

    private Map<String, String> environment() {
        return Map.of("SLUICE_DATA_DIR", dataDir.toString());
    }

    private ProcessHandle server() throws Exception {
        var pid = Files.readAllLines(dataDir.resolve("cluster/postmaster.pid")).getFirst();
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    private static void assertGone(ProcessHandle process) {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !process.isAlive() || process.info().command().isEmpty());
    }
}
