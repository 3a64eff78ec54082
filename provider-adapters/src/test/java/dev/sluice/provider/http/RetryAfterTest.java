package dev.sluice.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    private final RetryAfter retryAfter = new RetryAfter(InstantSource.fixed(Instant.parse("2026-11-18T07:28:00Z")));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Retry-After         | 2                               | 2000",
                "Retry-After         | 2.5                             | 2500",
                "Retry-After         | 0                               | 0",
                "Retry-After         | 86400                           | 86400000",
                "Retry-After         | 86401                           | 86400000",
                "Retry-After         | 99999999999999999999999         | 86400000",
                "Retry-After         | Thu, 18 Nov 2027 07:28:00 GMT   | 86400000",
                "retry-after-ms      | 86400001                        | 86400000",
                "Retry-After         | Wed, 18 Nov 2026 07:28:30 GMT   | 30000",
                "Retry-After         | Wednesday, 18-Nov-26 07:28:30 GMT | 30000",
                "Retry-After         | Wed Nov 18 07:28:30 2026        | 30000",
                "Retry-After         | Wed, 18 Nov 2026 07:00:00 GMT   | 0",
                "Retry-After         | Sunday, 06-Nov-94 08:49:37 GMT  | 0",
                "Retry-After         | Sun Nov  6 08:49:37 1994        | 0",
                "retry-after-ms      | 1234.5                          | 1235",
                "x-ms-retry-after-ms | 40                              | 40"
            })
    void readsEveryFormOfWait(String header, String value, long milliseconds) {
        assertThat(read(header, value)).isEqualTo(Duration.ofMillis(milliseconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "NaN", "Infinity", "1e3", "soon", "", "0x10", "Tue, 18 Nov 2026 07:28:30 GMT"})
    void ignoresWhatMakesNoSense(String value) {
        assertThat(read("Retry-After", value)).isNull();
        assertThat(read("retry-after-ms", value)).isNull();
    }

    @Test
    void millisecondsAreMoreExactThanSeconds() {
        MultiMap headers =
                MultiMap.caseInsensitiveMultiMap().add("Retry-After", "1").add("Retry-After-Ms", "300");

        assertThat(retryAfter.read(headers)).isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void fallsBackToSecondsWhereTheMillisecondsMakeNoSense() {
        MultiMap headers =
                MultiMap.caseInsensitiveMultiMap().add("Retry-After", "7").add("retry-after-ms", "-300");

        assertThat(retryAfter.read(headers)).isEqualTo(Duration.ofSeconds(7));
    }

    private @Nullable Duration read(String header, String value) {
        return retryAfter.read(MultiMap.caseInsensitiveMultiMap().add(header, value));
    }
}
