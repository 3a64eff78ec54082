package dev.sluice.provider.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.provider.ChatRequest;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AttemptCounterTest {

    private final AttemptCounter counter = new AttemptCounter();

    @Test
    void countsEqualRequestsApart() {
        ChatRequest one = ChatRequest.of(JsonNodeFactory.instance.objectNode());
        ChatRequest other = ChatRequest.of(JsonNodeFactory.instance.objectNode());

        assertThat(one).isEqualTo(other);
        assertThat(counter.next(one)).isEqualTo(1);
        assertThat(counter.next(one)).isEqualTo(2);
        assertThat(counter.next(other)).isEqualTo(1);
    }

    @Test
    void countsConcurrentAttemptsWithoutLoss() {
        ChatRequest request = ChatRequest.of(JsonNodeFactory.instance.objectNode());

        IntStream.range(0, 1000).parallel().forEach(_ -> counter.next(request));

        assertThat(counter.next(request)).isEqualTo(1001);
    }

    @Test
    void forgetsRequestsThatNobodyHolds() {
        for (int i = 0; i < 100; i++) {
            counter.next(ChatRequest.of(JsonNodeFactory.instance.objectNode()));
        }
        for (int i = 0; i < 50 && counter.size() > 0; i++) {
            System.gc();
        }

        assertThat(counter.size()).isZero();
    }
}
