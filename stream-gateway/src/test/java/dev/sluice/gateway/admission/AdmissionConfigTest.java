package dev.sluice.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.testing.Configured;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AdmissionConfigTest {

    @Test
    void hasTheDefaultsThatAreDocumented() {
        AdmissionConfig config = Configured.defaults(AdmissionConfig.class);

        assertThat(config.maxStreams()).isEqualTo(20_000);
        assertThat(config.retryAfter()).isEqualTo(Duration.ofSeconds(1));
    }
}
