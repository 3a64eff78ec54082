package dev.sluice.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.testing.Configured;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AdmissionConfigTest {

    @Test
    void hasTheDefaultsThatAreDocumented() {
        AdmissionConfig config = Configured.defaults(AdmissionConfig.class);

        assertThat(config.maxStreams()).isEmpty();
        assertThat(config.retryAfter()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.queue().size()).isEqualTo(500);
        assertThat(config.queue().deadline()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.shedAbove()).isEqualTo(0.9);
        assertThat(config.assumedOutputTokens()).isEqualTo(1_000);
        assertThat(config.perCaller().maxStreams()).isEmpty();
        assertThat(config.perCaller().requestsPerMinute()).isEmpty();
        assertThat(config.perCaller().requestBurst()).isEmpty();
        assertThat(config.perCaller().tokensPerMinute()).isEmpty();
        assertThat(config.perCaller().tokenBurst()).isEmpty();
    }
}
