package dev.sluice.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.testing.Configured;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TelemetryConfigTest {

    @Test
    void hasTheDefaultsThatAreDocumented() {
        TelemetryConfig config = Configured.defaults(TelemetryConfig.class);

        assertThat(config.enabled()).isTrue();
        assertThat(config.collectorUrl()).isEqualTo(URI.create("http://localhost:8081"));
        assertThat(config.gatewayId()).isEqualTo("gateway");
        assertThat(config.batchSize()).isEqualTo(10);
        assertThat(config.flushInterval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.queueSize()).isEqualTo(20_000);
    }
}
