package dev.sluice.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.collector.embedded.EmbeddedPostgres;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class OutageIT {

    private final Path dataDir = TestData.folder();

    @Test
    void aKilledPostgresMeansComeAgainAndNotReadyUntilItIsBack() throws Exception {
        var server = EmbeddedPostgres.start(dataDir, 0);
        try (var collector = PackagedCollector.start(datasource(server))) {
            var kept = Batches.of(List.of(Batches.event(Batches.streamId())));
            assertThat(collector.post(kept).statusCode()).isEqualTo(200);

            kill();
            var batch = Batches.of(List.of(Batches.event(Batches.streamId())));
            assertComeAgain(collector.post(batch));
            assertThat(collector.statusOf("/q/health/ready")).isEqualTo(503);
            assertThat(collector.statusOf("/q/health/live")).isEqualTo(200);
            assertThat(collector.statusOf("/api/telemetry/summary")).isEqualTo(503);

            server.close();
            server = EmbeddedPostgres.start(dataDir, server.port());
            await().atMost(Duration.ofSeconds(20)).until(() -> collector.statusOf("/q/health/ready") == 200);
            assertThat(text(collector.post(batch))).contains("\"accepted\":1");
            assertThat(text(collector.post(kept))).contains("\"duplicate\":1");
        } finally {
            server.close();
        }
    }

    private void kill() throws Exception {
        var pid = Files.readAllLines(dataDir.resolve("cluster/postmaster.pid")).getFirst();
        var process = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        process.destroyForcibly();
        await().atMost(Duration.ofSeconds(10)).until(() -> !process.isAlive());
    }

    /** Only the reactive URL: the collector finds out the other one by itself. */
    private static Map<String, String> datasource(EmbeddedPostgres server) {
        return Map.of(
                "QUARKUS_DATASOURCE_REACTIVE_URL", server.reactiveUrl(),
                "QUARKUS_DATASOURCE_USERNAME", server.user(),
                "QUARKUS_DATASOURCE_PASSWORD", server.password());
    }

    private static void assertComeAgain(HttpResponse<byte[]> response) {
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).hasValue("2");
        assertThat(text(response)).contains("\"code\":\"UNAVAILABLE\"");
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }
}
