package dev.sluice.gateway.log.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GenerationInfo;
import dev.sluice.gateway.generation.StreamEvent;
import dev.sluice.gateway.generation.StreamKey;
import dev.sluice.gateway.log.LogReader;
import dev.sluice.gateway.log.StreamLog;
import dev.sluice.gateway.log.StreamLogConfig;
import dev.sluice.gateway.log.memory.MemoryStreamLogTest.Unwatched;
import dev.sluice.gateway.testing.Configured;
import dev.sluice.gateway.testing.Examples;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class MemoryStreamLogsTest {

    private static final long LOG_OVERHEAD_BYTES = 1_024;

    private static final Caller BOB = new Caller("bob");
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

    @Test
    void listsTheLogsOfACallerNewestFirst() {
        open("a");
        open("b").append(end());
        assertThat(logs.open(of(BOB, "c"), new Unwatched())).isPresent();
        open("d");

        assertThat(listed(Caller.ANONYMOUS, Long.MAX_VALUE)).containsExactly("d", "b", "a");
        assertThat(listed(BOB, Long.MAX_VALUE)).containsExactly("c");
        assertThat(listed(new Caller("anonymous2"), Long.MAX_VALUE)).isEmpty();
        long second = numbers(Caller.ANONYMOUS).get(1);
        assertThat(listed(Caller.ANONYMOUS, second)).containsExactly("a");
    }

    @Test
    void listsNothingThatIsForgotten() {
        open("a").append(end());
        open("b");

        logs.sweep(System.nanoTime() + Duration.ofMinutes(6).toNanos());

        assertThat(listed(Caller.ANONYMOUS, Long.MAX_VALUE)).containsExactly("b");
    }

    @Test
    void listsARefusedLogOnce() {
        open("a");
        logs.open(info("a"), new Unwatched());

        assertThat(listed(Caller.ANONYMOUS, Long.MAX_VALUE)).containsExactly("a");
    }

    private List<String> listed(Caller owner, long before) {
        List<String> ids = new ArrayList<>();
        logs.newestFirst(owner, before)
                .forEachRemaining(kept -> ids.add(kept.log().info().key().id().value()));
        return ids;
    }

    private List<Long> numbers(Caller owner) {
        List<Long> numbers = new ArrayList<>();
        logs.newestFirst(owner, Long.MAX_VALUE).forEachRemaining(kept -> numbers.add(kept.number()));
        return numbers;
    }

    private static GenerationInfo of(Caller owner, String id) {
        GenerationInfo info = info(id);
        return new GenerationInfo(
                new StreamKey(owner, info.key().id()), info.model(), info.endpoint(), true, null, info.acceptedAt());
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
