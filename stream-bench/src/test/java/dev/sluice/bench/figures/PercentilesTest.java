package dev.sluice.bench.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PercentilesTest {

    @Test
    void aPercentileIsAtMostOnePercentTooLarge() {
        Percentiles percentiles = new Percentiles();
        for (int i = 1; i <= 10_000; i++) {
            percentiles.record(i * 1_000L);
        }
        assertThat(percentiles.millis(50)).isBetween(5.0, 5.05);
        assertThat(percentiles.millis(99)).isBetween(9.9, 10.0);
        assertThat(percentiles.millis(100)).isBetween(10.0, 10.1);
        assertThat(percentiles.count()).isEqualTo(10_000);
    }

    @Test
    void theSmallestAndTheLargestDurationsHaveAPlace() {
        Percentiles percentiles = new Percentiles();
        percentiles.record(-5);
        percentiles.record(0);
        percentiles.record(Long.MAX_VALUE);
        assertThat(percentiles.millis(50)).isZero();
        assertThat(percentiles.millis(100)).isCloseTo(Long.MAX_VALUE / 1e6, within(1e11));
    }

    @Test
    void nothingIsShownOfNothing() {
        assertThat(new Percentiles().show()).isEqualTo("-");
    }
}
