package dev.sluice.collector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class KillMinusNineIT {

    private static final int CALLERS = 8;
    private static final int ACKNOWLEDGED_BEFORE_THE_KILL = 200;

    /** What was sent in one request. */
    private record Sent(ObjectNode batch, String streamId) {}

    private final Path dataDir = TestData.folder();
    private final Queue<Sent> acknowledged = new ConcurrentLinkedQueue<>();
    private final Queue<Sent> unanswered = new ConcurrentLinkedQueue<>();
    private final CountDownLatch enough = new CountDownLatch(ACKNOWLEDGED_BEFORE_THE_KILL);

    @Test
    void acknowledgedEventsSurviveKillMinusNine() throws Exception {
        try (var first = start()) {
            underLoad(first);
        }
        assertThat(unanswered).isNotEmpty();
        try (var second = start()) {
            for (var sent : acknowledged) {
                assertThat(stored(second, sent)).isEqualTo(ids(sent));
                var again = second.post(sent.batch());
                assertThat(new String(again.body(), StandardCharsets.UTF_8))
                        .contains("\"accepted\":0")
                        .contains("\"duplicate\":10");
            }
            for (var sent : unanswered) {
                assertThat(second.post(sent.batch()).statusCode()).isEqualTo(200);
                assertThat(stored(second, sent)).isEqualTo(ids(sent));
            }
        }
    }

    private void underLoad(PackagedCollector collector) throws InterruptedException {
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            for (var i = 0; i < CALLERS; i++) {
                callers.execute(() -> sendUntilDead(collector));
            }
            assertThat(enough.await(60, TimeUnit.SECONDS)).isTrue();
            collector.kill();
        }
    }

    private void sendUntilDead(PackagedCollector collector) {
        while (true) {
            var streamId = Batches.streamId();
            var events =
                    Stream.generate(() -> Batches.event(streamId)).limit(10).toList();
            var sent = new Sent(Batches.of(events), streamId);
            try {
                if (collector.post(sent.batch()).statusCode() == 200) {
                    acknowledged.add(sent);
                    enough.countDown();
                }
            } catch (IOException died) {
                unanswered.add(sent);
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private PackagedCollector start() throws IOException {
        return PackagedCollector.start(Map.of("SLUICE_DATA_DIR", dataDir.toString()));
    }

    /** Ids as they are stored, with whatever was stored twice appearing twice. */
    private static List<String> stored(PackagedCollector collector, Sent sent) throws Exception {
        return ids(collector.get("/api/telemetry/streams/" + sent.streamId()));
    }

    private static List<String> ids(Sent sent) {
        return ids(sent.batch());
    }

    private static List<String> ids(JsonNode batch) {
        var ids = new ArrayList<String>();
        batch.path("events").forEach(event -> ids.add(event.path("event_id").textValue()));
        return ids.stream().sorted().collect(Collectors.toList());
    }
}
