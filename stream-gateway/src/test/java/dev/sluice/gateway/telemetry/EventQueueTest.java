package dev.sluice.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.generation.Milestone;
import dev.sluice.gateway.telemetry.EventQueue.Taken;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class EventQueueTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final EventQueue queue = new EventQueue(5, meters);

    @Test
    void givesEventsInTheirOrderNumberedDensely() {
        offer(3);

        assertThat(offsets(queue.take())).containsExactly(0L, 1L, 2L);
        assertThat(numbers(queue.take())).containsExactly(1L, 2L, 3L);
    }

    @Test
    void tellsHowManyWait() {
        assertThat(queue.offer(fact(0))).isEqualTo(1);
        queue.take();
        assertThat(queue.offer(fact(1))).as("what is on its way counts too").isEqualTo(2);
        assertThat(queue.size()).isEqualTo(2);
    }

    @Test
    void givesTheSameBatchUntilItIsConfirmed() {
        offer(2);
        Taken batch = queue.take();
        offer(2);

        assertThat(queue.take()).isEqualTo(batch);
        assertThat(queue.take().events().getFirst()).isSameAs(batch.events().getFirst());

        queue.confirm(batch);
        assertThat(numbers(queue.take())).containsExactly(3L, 4L);
    }

    @Test
    void takesAConfirmationTwiceForOne() {
        offer(1);
        Taken first = queue.take();
        queue.confirm(first);
        offer(1);
        Taken second = queue.take();

        queue.confirm(first);

        assertThat(queue.take()).isEqualTo(second);
    }

    @Test
    void letsTheOldestGoWhenItIsFullCountsThemAndReportsTheCount() {
        offer(8);

        assertThat(dropped()).isEqualTo(3);
        Taken batch = queue.take();
        assertThat(batch.events().getFirst().fact()).isEqualTo(new Fact.Dropped(3, "queue_full"));
        assertThat(numbers(batch)).containsExactly(9L, 4L, 5L, 6L, 7L, 8L);

        queue.confirm(batch);
        assertThat(queue.take().events()).as("a loss is reported once").isEmpty();
    }

    @Test
    void sparesWhatIsOnItsWay() {
        offer(5);
        Taken batch = queue.take();
        offer(6);

        assertThat(queue.take()).isEqualTo(batch);
        assertThat(dropped()).isEqualTo(1);
    }

    @Test
    void countsAndReportsARefusedBatch() {
        offer(4);
        queue.take();

        assertThat(queue.discard("refused")).isEqualTo(4);

        assertThat(dropped()).isEqualTo(4);
        assertThat(queue.take().events())
                .extracting(TelemetryEvent::fact)
                .containsExactly(new Fact.Dropped(4, "refused"));
    }

    @Test
    void givesNothingWhenThereIsNothing() {
        assertThat(queue.take().events()).isEmpty();
        assertThat(queue.size()).isZero();
    }

    @Test
    void givesNoMoreAtOnceThanTheCollectorTakes() {
        EventQueue large = new EventQueue(10_000, meters);
        LongStream.range(0, 1_200).forEach(i -> large.offer(fact(i)));

        for (int expected : List.of(500, 500, 200, 0)) {
            Taken batch = large.take();
            assertThat(batch.events()).hasSize(expected);
            large.confirm(batch);
        }
    }

    private void offer(int count) {
        for (int i = 0; i < count; i++) {
            queue.offer(fact(i));
        }
    }

    private double dropped() {
        return meters.get("sluice.telemetry.dropped").counter().count();
    }

    private static Fact fact(long offset) {
        return new Fact.Reached(new Milestone.Resumed(Sample.GENERATION, offset));
    }

    private static List<Long> numbers(Taken batch) {
        return batch.events().stream().map(TelemetryEvent::seq).toList();
    }

    private static List<Long> offsets(Taken batch) {
        return batch.events().stream()
                .map(event -> (Fact.Reached) event.fact())
                .map(reached -> ((Milestone.Resumed) reached.milestone()).fromOffset())
                .toList();
    }
}
