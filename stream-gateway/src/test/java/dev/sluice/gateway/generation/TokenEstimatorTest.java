package dev.sluice.gateway.generation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.transform.Cuts;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenEstimatorTest {

    @Test
    void chunkBordersDoNotMatter() {
        long seed = System.nanoTime();
        System.out.println("seed of the estimates: " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            String text = Cuts.text(random);
            TokenEstimator estimator = new TokenEstimator();
            Cuts.of(text, random).forEach(estimator::add);

            assertThat(estimator.tokens()).as("seed %d: %s", seed, text).isEqualTo(TokenEstimator.estimate(text));
        }
    }

    /** The last number is what OpenAI's o200k_base makes of the text. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                                                           | 0
                    'Hello'                                                      | 1
                    'The gateway keeps what was said for a while.'               | 10
                    '船闸可以让船只在不同水位之间通行'                                | 14
                    'The year 2026, 15.75 percent of 1430221'                    | 16
                    'for (int i = 0; i < size; i++) {'                           | 14
                    """)
    void isNotFarFromTheTruth(String text, long tokens) {
        assertThat(TokenEstimator.estimate(text)).isBetween(tokens - 1 - tokens / 4, tokens + 1 + tokens / 4);
    }

    @Test
    void takesALongTextToGoOnAsItBegan() {
        String sentence = "A lock lifts a ship from one level to another. ";

        assertThat(TokenEstimator.estimate(sentence.repeat(10_000)))
                .isBetween(100_000L, 130_000L)
                .isCloseTo(10_000 * TokenEstimator.estimate(sentence), Percentage.withPercentage(1));
    }
}
