package dev.sluice.gateway.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.gateway.testing.Configured;
import io.smallrye.config.ConfigValidationException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamLogConfigTest {

    @Test
    void hasTheDefaultsThatAreDocumented() {
        StreamLogConfig config = Configured.defaults(StreamLogConfig.class);

        assertThat(config.maxBytesPerStream().asLongValue()).isEqualTo(1L << 20);
        assertThat(config.maxBytes().asLongValue()).isEqualTo(256L << 20);
        assertThat(config.keepEnded()).isEqualTo(Duration.ofMinutes(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"max-bytes-per-stream", "max-bytes"})
    void refusesALogThatCouldHoldNothing(String property) {
        for (String size : List.of("0", "0K", "1025G", "9Y", "-1", "many")) {
            assertThatExceptionOfType(ConfigValidationException.class)
                    .isThrownBy(() ->
                            Configured.with(StreamLogConfig.class, Map.of("sluice.streams.log." + property, size)))
                    .withMessageContaining("sluice.streams.log." + property)
                    .withMessageContaining("\"" + size + "\"");
        }
    }
}
