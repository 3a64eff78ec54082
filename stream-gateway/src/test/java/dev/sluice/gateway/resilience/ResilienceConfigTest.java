package dev.sluice.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.testing.Configured;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ResilienceConfigTest {

    private final ResilienceConfig config = Configured.defaults(ResilienceConfig.class);

    @Test
    void hasTheClocksThatAreDocumented() {
        assertThat(config.timeouts().firstChunk()).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.timeouts().idle()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.timeouts().total()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void givesAWholeAnswerAsLongAsTheStreamMayTake() {
        assertThat(config.wholeAnswerFallback()).isTrue();
        assertThat(config.timeouts().wholeAnswer()).isEmpty();
    }

    /** See {@link RetryPolicyTest} for what they are then. */
    @Test
    void leavesToTheAnnotationsWhatTheyCanSay() {
        assertThat(config.attempts()).isEmpty();
        assertThat(config.backoff().base()).isEmpty();
        assertThat(config.backoff().factor()).isEmpty();
        assertThat(config.backoff().cap()).isEmpty();
        assertThat(config.backoff().budget()).isEmpty();
        assertThat(config.breaker().failures()).isEmpty();
        assertThat(config.breaker().pause()).isEmpty();
        assertThat(config.backoff().jitter())
                .as("no annotation says it in parts")
                .isEqualTo(0.3);
    }
}
