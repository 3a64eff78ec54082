package dev.sluice.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitHeadersTest {

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0ms",
        "PT0.000000001S, 1ms",
        "PT0.0121S, 13ms",
        "PT1S, 1s",
        "PT2.5S, 2.5s",
        "PT59.9999S, 1m0s",
        "PT6M, 6m0s",
        "PT1H0.05S, 1h0m0.05s"
    })
    void durationsAreWrittenAsOpenAiWritesThem(Duration duration, String text) {
        assertThat(RateLimitHeaders.text(duration)).isEqualTo(text);
    }
}
