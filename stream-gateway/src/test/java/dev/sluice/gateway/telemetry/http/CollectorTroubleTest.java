package dev.sluice.gateway.telemetry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.api.CollectorDouble;
import dev.sluice.gateway.api.Doubles;
import dev.sluice.gateway.api.LogTap;
import dev.sluice.gateway.api.RawClient;
import dev.sluice.gateway.api.StrictProfile;
import dev.sluice.gateway.api.UpstreamDouble;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A collector that is ill costs no stream anything, and loses no event. */
@QuarkusTest
@TestProfile(StrictProfile.class)
class CollectorTroubleTest {

    private static final Duration RECOVERY = Duration.ofSeconds(10);

    private final UpstreamDouble upstream = Doubles.upstream();
    private final CollectorDouble collector = Doubles.collector();

    @AfterEach
    void heal() {
        collector.answer(200);
    }

    private String stream() {
        String model = upstream.model(call -> call.answer("as ", "ever"));
        long started = System.nanoTime();
        RawClient client = RawClient.post(
                        "/v1/chat/completions",
                        "{\"model\":\"" + model
                                + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"stream\":true}",
                        StrictProfile.ALICE)
                .toEnd();
        assertThat(client.frames().completionText()).isEqualTo("as ever");
        assertThat(client.frames().last().data()).isEqualTo("[DONE]");
        assertThat(System.nanoTime() - started).isLessThan(TimeUnit.MILLISECONDS.toNanos(500));
        return client.header("x-stream-id");
    }

    private void assertDeliveredOnce(List<String> streams) {
        await().atMost(RECOVERY)
                .untilAsserted(() -> assertThat(streams)
                        .allSatisfy(id -> assertThat(collector.events(id))
                                .extracting(event -> event.path("type").asText())
                                .containsExactly("stream.started", "stream.first_chunk", "stream.completed")));
        List<JsonNode> events = collector.events();
        assertThat(events).extracting(event -> event.path("event_id").asText()).doesNotHaveDuplicates();
        assertThat(events)
                .extracting(event -> event.path("seq").asLong())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, events.size()).boxed().toList());
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 429})
    void collectorThatRefusesForNowGetsEveryEventLater(int status) {
        stream();
        collector.answer(status);
        int refusedBefore = collector.refused().size();
        List<String> streams = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            streams.add(stream());
        }
        await().atMost(RECOVERY).until(() -> collector.refused().size() > refusedBefore);
        assertThat(streams).allSatisfy(id -> assertThat(collector.events(id)).hasSizeLessThan(3));

        collector.answer(200);

        assertDeliveredOnce(streams);
    }

    @Test
    void collectorThatHangsGetsEveryEventLater() {
        stream();
        collector.hang();
        List<String> streams = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            streams.add(stream());
        }

        collector.answer(200);

        assertDeliveredOnce(streams);
    }

    @Test
    void troubleIsLoggedOnceAndItsEndToo() {
        try (LogTap log = new LogTap()) {
            collector.answer(500);
            List<String> streams = List.of(stream());
            await().atMost(RECOVERY)
                    .until(() -> log.lines().stream().anyMatch(line -> line.contains("Telemetry waits")));
            streams = List.of(streams.getFirst(), stream());

            collector.answer(200);

            assertDeliveredOnce(streams);
            await().atMost(RECOVERY)
                    .until(() -> log.lines().stream().anyMatch(line -> line.contains("takes events again")));
            assertThat(log.lines().stream().filter(line -> line.contains("Telemetry waits")))
                    .hasSize(1);
            assertThat(log.errors()).isEmpty();
        }
    }
}
