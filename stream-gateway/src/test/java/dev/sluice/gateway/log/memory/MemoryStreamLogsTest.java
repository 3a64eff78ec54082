package dev.sluice.gateway.log.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GenerationInfo;
import dev.sluice.gateway.generation.StreamEvent;
import dev.sluice.gateway.log.LogReader;
import dev.sluice.gateway.log.StreamLog;
import dev.sluice.gateway.log.StreamLogConfig;
import dev.sluice.gateway.log.memory.MemoryStreamLogTest.Unwatched;
import dev.sluice.gateway.testing.Configured;
import dev.sluice.gateway.testing.Examples;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class MemoryStreamLogsTest {

    private static final long LOG_OVERHEAD_BYTES = 1_024;

    private static final Vertx VERTX = Vertx.vertx();

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final MemoryStreamLogs logs = new MemoryStreamLogs(
            Configured.with(
                    StreamLogConfig.class,
                    Map.of("sluice.streams.log.max-bytes", "10K", "sluice.streams.log.keep-ended", "5m")),
            VERTX,
            meters);

    @AfterAll
    static void close() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void findsWhatItOpened() {
        StreamLog log = open("a");

        assertThat(logs.find(info("a").key())).containsSame(log);
        assertThat(logs.find(info("b").key())).isEmpty();
    }

    @Test
    void opensEachNameOnce() {
        StreamLog log = open("a");

        assertThat(logs.open(info("a"), new Unwatched())).isEmpty();

        assertThat(logs.find(info("a").key())).containsSame(log);
        assertThat(bytes()).as("the refused one takes no room").isEqualTo(LOG_OVERHEAD_BYTES);
    }

    @Test
    void keepsAnEndedLogForItsTimeAndNoLonger() {
        StreamLog log = open("a");
        long before = System.nanoTime();
        log.append(end());

        logs.sweep(before + Duration.ofMinutes(5).toNanos() - 1);
        assertThat(logs.find(info("a").key())).isPresent();

        logs.sweep(System.nanoTime() + Duration.ofMinutes(5).toNanos());
        assertThat(logs.find(info("a").key())).isEmpty();
    }

    @Test
    void keepsARunningLogForEver() {
        open("a");

        logs.sweep(System.nanoTime() + Duration.ofDays(1).toNanos());

        assertThat(logs.find(info("a").key())).isPresent();
    }

    @Test
    void forgetsTheOldestEndedLogsWhenAllTogetherGrowTooLarge() {
        StreamLog running = open("running");
        running.append(text(1_000));
        for (String id : List.of("a", "b", "c")) {
            StreamLog log = open(id);
            log.append(text(1_000));
            log.append(end());
        }
        assertThat(bytes()).isLessThan(10 * 1_024);

        StreamLog large = open("large");
        large.append(text(2_500));
        large.append(end());

        assertThat(kept()).containsExactly("b", "c", "large", "running");
        assertThat(bytes()).isLessThanOrEqualTo(10 * 1_024);
    }

    @Test
    void letsAReaderFinishALogThatIsForgotten() {
        StreamLog log = open("a");
        log.append(end());
        LogReader reader = log.read(0, () -> {});

        logs.sweep(System.nanoTime() + Duration.ofMinutes(6).toNanos());

        assertThat(reader.poll()).isEqualTo(end());
    }

    @Test
    void countsNothingWhenAllIsForgotten() {
        for (int i = 0; i < 100; i++) {
            StreamLog log = open("s" + i);
            IntStream.range(0, i).forEach(_ -> log.append(text(50)));
            log.append(end());
        }

        logs.sweep(System.nanoTime() + Duration.ofMinutes(6).toNanos());

        assertThat(bytes()).isZero();
        assertThat(meters.get("sluice.log.streams").gauge().value()).isZero();
    }

    @Test
    void opensANameAgainOnceItIsForgotten() {
        open("a").append(end());
        logs.sweep(System.nanoTime() + Duration.ofMinutes(6).toNanos());

        assertThat(logs.open(info("a"), new Unwatched())).isPresent();
    }

    private StreamLog open(String id) {
        return logs.open(info(id), new Unwatched()).orElseThrow();
    }

    private List<String> kept() {
        return Stream.of("a", "b", "c", "large", "running")
                .filter(id -> logs.find(info(id).key()).isPresent())
                .toList();
    }

    private long bytes() {
        return (long) meters.get("sluice.log.bytes").gauge().value();
    }

    private static GenerationInfo info(String id) {
        return Examples.generation(id);
    }

    private static StreamEvent text(int length) {
        return new StreamEvent.Text("x".repeat(length), 0);
    }

    private static StreamEvent end() {
        return new StreamEvent.Failed(GatewayError.of(ErrorCode.CANCELLED, "The stream was aborted."), true);
    }
}
