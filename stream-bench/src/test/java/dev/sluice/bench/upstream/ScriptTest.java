package dev.sluice.bench.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ScriptTest {

    @Test
    void aModelsNameSaysTheWholeScript() {
        Script script = Script.of(50, 20)
                .first(300)
                .padded(400)
                .seeded(123_456_789_012L)
                .failing(429, 2)
                .dying(7)
                .stalling(9)
                .tagged(4);
        assertThat(Script.parse(script.model())).isEqualTo(script);
    }

    @Test
    void aNameThatIsNoScriptIsOneChunk() {
        assertThat(Script.parse("gpt-4.1-mini")).isEqualTo(Script.of(1, 0));
    }

    @Test
    void theSameSeedIsTheSameTextAndAnotherOneIsNot() {
        Script script = Script.of(30, 0).seeded(5);
        assertThat(script.text()).isEqualTo(Script.of(30, 0).seeded(5).text());
        assertThat(script.text()).isNotEqualTo(Script.of(30, 0).seeded(6).text());
    }

    @Test
    void aSeedsTextIsWholeCharacters() {
        for (int i = 0; i < 200; i++) {
            String chunk = SeededText.chunk(9, i);
            String through = new String(chunk.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
            assertThat(through).isEqualTo(chunk).isNotEmpty();
        }
    }
}
