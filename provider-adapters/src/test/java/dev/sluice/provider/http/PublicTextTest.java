package dev.sluice.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.provider.Endpoint;
import dev.sluice.provider.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublicTextTest {

    private final PublicText text = new PublicText(new Endpoint(
            "inhouse",
            URI.create("https://llm.internal:8443/v1"),
            new Secret("our own secret"),
            Map.of("X-Token", "another-secret"),
            Duration.ofSeconds(1)));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Bad key our own secret.                       | Bad key ***.",
                "Token another-secret is wrong                 | Token *** is wrong",
                "Incorrect API key provided: sk-abcd****wxyz   | Incorrect API key provided: ***",
                "header Authorization: Bearer abc.def          | header Authorization: ***",
                "see https://platform.example/keys?x=1 please  | see *** please",
                "upstream 10.1.2.3:8000 is down                | upstream *** is down",
                "upstream [fe80::1]:8000 is down               | upstream *** is down",
                "no route to llm.internal                      | no route to ***",
                "The model `m-1` does not exist                | The model `m-1` does not exist"
            })
    void hidesKeysAndAddresses(String said, String shown) {
        assertThat(text.of(said, "")).isEqualTo(shown);
    }

    @Test
    void isOneShortLine() {
        assertThat(text.of("a\r\n\tb\u0000c", "")).isEqualTo("a b c");
        assertThat(text.of("word ".repeat(100_000), "")).hasSize(300).endsWith("…");
    }

    @Test
    void saysSomethingInAnyCase() {
        assertThat(text.of(null, "otherwise")).isEqualTo("otherwise");
        assertThat(text.of("  ", "otherwise")).isEqualTo("otherwise");
    }
}
