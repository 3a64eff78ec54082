package dev.sluice.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.testing.Configured;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DisconnectConfigTest {

    @Test
    void hasTheDefaultsThatAreDocumented() {
        DisconnectConfig config = Configured.defaults(DisconnectConfig.class);

        assertThat(config.grace()).isEqualTo(Duration.ofSeconds(15));
        assertThat(config.maxGrace()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.idle()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.drain().maxTokens()).isEqualTo(100_000);
        assertThat(config.drain().maxDuration()).isEqualTo(Duration.ofMinutes(10));
    }
}
