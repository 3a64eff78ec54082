package dev.sluice.collector.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.collector.Batches;
import dev.sluice.collector.api.ApiException;
import dev.sluice.collector.api.ErrorCode;
import dev.sluice.collector.storage.TelemetryStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Clock;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class OverloadTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final TelemetryStore stuck = _ -> Uni.createFrom().nothing();
    private final Ingestor ingestor = ingestor();

    @AfterEach
    void stop() {
        ingestor.stop();
    }

    @Test
    void moreEventsThanMayWaitAreSentBackToComeAgain() {
        var waiting = send(8);
        pendingReaches(8);
        assertOverloaded(send(3));
        waiting.assertNotTerminated();
        assertThat(counted("received")).isEqualTo(11);
        assertThat(counted("returned")).isEqualTo(3);
    }

    @Test
    void moreBytesThanMayWaitAreSentBackToComeAgain() {
        assertOverloaded(send(100));
        assertThat(counted("received")).isZero();
    }

    private Ingestor ingestor() {
        var settings = TestSettings.with(Map.of(
                "sluice.collector.limits.max-pending-events", "10",
                "sluice.collector.limits.max-pending-bytes", "8K"));
        var ledger = new EventLedger(registry);
        return new Ingestor(
                new BatchDecoder(new EventDecoder(settings), Clock.systemUTC(), settings),
                new Coalescer(stuck, ledger, registry, settings),
                ledger,
                settings);
    }

    private UniAssertSubscriber<BatchAnswer> send(int events) {
        var batch = Batches.of(
                Stream.generate(() -> Batches.event("str_1")).limit(events).toList());
        return ingestor.ingest(Batches.bytes(batch), null).subscribe().withSubscriber(UniAssertSubscriber.create());
    }

    private void pendingReaches(int events) {
        await().until(() ->
                registry.get("sluice.collector.events.pending").gauge().value() == events);
    }

    private double counted(String result) {
        return registry.get("sluice.collector.events")
                .tag("result", result)
                .counter()
                .count();
    }

    private static void assertOverloaded(UniAssertSubscriber<BatchAnswer> answer) {
        assertThat(answer.awaitFailure().getFailure())
                .isInstanceOfSatisfying(
                        ApiException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.OVERLOADED));
    }
}
