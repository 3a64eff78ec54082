package dev.sluice.gateway.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.testing.Configured;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SocketConfigTest {

    @Test
    void hasTheDefaultsThatAreDocumented() {
        SocketConfig config = Configured.defaults(SocketConfig.class);

        assertThat(config.allowedOrigins()).isEmpty();
        assertThat(config.maxStreams()).isEqualTo(256);
        assertThat(config.compression()).isFalse();
    }

    @Test
    void takesSeveralOrigins() {
        SocketConfig config = Configured.with(
                SocketConfig.class,
                Map.of("sluice.streams.websocket.allowed-origins", "https://a.example,https://b.example"));

        assertThat(config.allowedOrigins().orElseThrow())
                .containsExactlyInAnyOrder("https://a.example", "https://b.example");
    }
}
