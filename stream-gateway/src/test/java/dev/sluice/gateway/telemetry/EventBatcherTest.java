package dev.sluice.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.sluice.gateway.generation.Milestone;
import dev.sluice.gateway.telemetry.HandOperatedSender.Delivery;
import dev.sluice.gateway.testing.Configured;
import dev.sluice.gateway.time.VirtualTimers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventBatcherTest {

    private static final Duration FLUSH_INTERVAL = Duration.ofSeconds(5);

    private final VirtualTimers timers = new VirtualTimers();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final HandOperatedSender sender = new HandOperatedSender();
    private final EventBatcher batcher = batcher(sender);

    @Test
    void sendsAtOnceWhatFillsABatch() throws InterruptedException {
        offer(9);
        assertThat(sender.idle()).isTrue();

        offer(1);

        Delivery batch = sender.next();
        assertThat(batch.events()).isEqualTo(10);
        batch.arrive();
        assertThat(delivered()).isEqualTo(10);
    }

    @Test
    void sendsLessAfterTheFlushInterval() throws InterruptedException {
        offer(3);
        timers.advance(FLUSH_INTERVAL.minusMillis(1));
        assertThat(sender.idle()).isTrue();

        timers.advance(Duration.ofMillis(1));

        assertThat(sender.next().events()).isEqualTo(3);
    }

    @Test
    void hasOneRequestInFlight() throws InterruptedException {
        offer(35);
        int sent = 0;
        while (sent < 35) {
            timers.advance(FLUSH_INTERVAL);
            Delivery batch = sender.next();
            sent += batch.events();
            batch.arrive();
        }

        assertThat(sender.mostInFlight()).isEqualTo(1);
        assertThat(delivered()).isEqualTo(35);
        assertThat(waiting()).isZero();
    }

    @Test
    void sendsTheSameBytesAgainAfterAFailure() throws InterruptedException {
        offer(10);
        Delivery failed = sender.next();
        offer(5);
        failed.fail(new IOException("no collector"));
        assertThat(sender.idle()).as("a collector that fails gets a rest").isTrue();

        timers.advance(FLUSH_INTERVAL);

        Delivery again = sender.next();
        assertThat(again.json()).isEqualTo(failed.json());
        again.arrive();
        timers.advance(FLUSH_INTERVAL);
        assertThat(sender.next().events()).isEqualTo(5);
        assertThat(delivered()).isEqualTo(10);
    }

    @Test
    void waitsForTheIntervalAfterAFailureHoweverManyComeMeanwhile() throws InterruptedException {
        offer(10);
        sender.next().fail(new IOException("no collector"));

        offer(100);
        assertThat(sender.idle()).isTrue();

        timers.advance(FLUSH_INTERVAL);
        sender.next().arrive();
        assertThat(sender.next().events()).as("then it goes on at once").isEqualTo(100);
    }

    @Test
    void countsARefusedBatchAndReportsItInTheNext() throws InterruptedException {
        offer(10);
        sender.next().fail(new BatchRefusedException(400));

        assertThat(meters.get("sluice.telemetry.refused").counter().count()).isEqualTo(10);
        offer(1);
        timers.advance(FLUSH_INTERVAL);

        Delivery next = sender.next();
        assertThat(next.json()).contains("\"dropped\":10", "\"reason\":\"refused\"");
        assertThat(next.events()).isEqualTo(2);
    }

    @Test
    void letsNothingOutOfOffer() {
        EventBatcher broken = batcher(new BatchSender(_ -> Uni.createFrom().failure(new IOException("unused"))) {
            @Override
            Uni<Void> send(byte[] json) {
                throw new IllegalStateException("a bug");
            }
        });

        assertThatCode(() -> {
                    for (int i = 0; i < 100; i++) {
                        broken.offer(fact());
                        timers.advance(FLUSH_INTERVAL);
                    }
                })
                .doesNotThrowAnyException();
    }

    @Test
    void sendsWhatIsLeftWhenItStops() throws Exception {
        offer(3);

        Thread stopping = Thread.ofPlatform().start(() -> batcher.stop(new ShutdownDelayInitiatedEvent()));

        Delivery last = sender.next();
        assertThat(last.events()).isEqualTo(3);
        last.arrive();
        stopping.join();
        assertThat(waiting()).isZero();
    }

    private EventBatcher batcher(BatchSender to) {
        return new EventBatcher(
                Configured.with(
                        TelemetryConfig.class,
                        Map.of("sluice.telemetry.batch-size", "10", "sluice.telemetry.flush-interval", "5s")),
                to,
                timers,
                meters,
                "0.1.0");
    }

    private void offer(int count) {
        for (int i = 0; i < count; i++) {
            batcher.offer(fact());
        }
    }

    private double delivered() {
        return meters.get("sluice.telemetry.delivered").counter().count();
    }

    private double waiting() {
        return meters.get("sluice.telemetry.queued").gauge().value();
    }

    private static Fact fact() {
        return new Fact.Reached(new Milestone.Started(Sample.GENERATION));
    }
}
