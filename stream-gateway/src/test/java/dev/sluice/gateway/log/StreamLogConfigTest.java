package dev.sluice.gateway.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.testing.Configured;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StreamLogConfigTest {

    @Test
    void hasTheDefaultsThatAreDocumented() {
        StreamLogConfig config = Configured.defaults(StreamLogConfig.class);

        assertThat(config.maxBytesPerStream().asLongValue()).isEqualTo(1L << 20);
        assertThat(config.maxBytes().asLongValue()).isEqualTo(256L << 20);
        assertThat(config.keepEnded()).isEqualTo(Duration.ofMinutes(5));
    }
}
