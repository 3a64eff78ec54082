package dev.sluice.gateway.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamIdTest {

    @Test
    void mintsIdsOfTwentySixRandomCharacters() {
        Set<StreamId> ids = new HashSet<>();
        Set<Integer> characters = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            StreamId id = StreamId.random();
            assertThat(id.value()).matches("str_[0-9a-hjkmnp-tv-z]{26}");
            id.value().substring(4).chars().forEach(characters::add);
            ids.add(id);
        }

        assertThat(ids).hasSize(1_000);
        assertThat(characters).as("five bits each").hasSize(32);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "Z", "0", "_", "-", "my-stream_01"})
    void takesWhatACallerMayChoose(String text) {
        assertThat(StreamId.parse(text)).map(StreamId::value).contains(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a/b", "a.b", "\u00e9", "a\n", "\uff41"})
    void refusesEverythingElse(String text) {
        assertThat(StreamId.parse(text)).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> new StreamId(text));
    }

    @Test
    void isAtMostOneHundredAndTwentyEightCharactersLong() {
        assertThat(StreamId.parse("a".repeat(128))).isPresent();
        assertThat(StreamId.parse("a".repeat(129))).isEmpty();
    }
}
