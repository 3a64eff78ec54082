package dev.sluice.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.gateway.generation.GatewayException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    private static Duration parse(@Nullable String text) {
        return Durations.parse(text, "wait", Duration.ofSeconds(20), Duration.ofSeconds(60));
    }

    @Test
    void readsSecondsAndMilliseconds() {
        assertThat(parse("60s")).isEqualTo(Duration.ofSeconds(60));
        assertThat(parse("250ms")).isEqualTo(Duration.ofMillis(250));
        assertThat(parse("0s")).isZero();
    }

    @Test
    void takesTheDefaultForNothing() {
        assertThat(parse(null)).isEqualTo(Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "20", "s", "-1s", "61s", "1m", "1.5s", "99999999999999999999s", "60001ms"})
    void refusesWhatIsNoneOrTooLong(String text) {
        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() -> parse(text))
                .satisfies(refused -> assertThat(refused.error().param()).isEqualTo("wait"));
    }
}
