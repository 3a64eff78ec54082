package dev.sluice.gateway.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.testing.Configured;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TransportConfigTest {

    @Test
    void hasTheDefaultsThatAreDocumented() {
        TransportConfig config = Configured.defaults(TransportConfig.class);

        assertThat(config.heartbeat()).isEqualTo(Duration.ofSeconds(15));
        assertThat(config.clientWrite()).isEqualTo(Duration.ofSeconds(30));
    }
}
