package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptionsTest {

    @Test
    void nothingMeansAFullRunWithoutTelemetry() {
        assertThat(BenchOptions.parse(List.of(), Map.of()))
                .isEqualTo(new BenchOptions(false, EnumSet.allOf(Case.class), 0, ""));
    }

    @Test
    void theEnvironmentAndTheCommandLineSayTheSame() {
        BenchOptions wide = new BenchOptions(true, Case.usual(true), 10_000, "");
        assertThat(BenchOptions.parse(List.of("--quick"), Map.of("WIDE", "10000")))
                .isEqualTo(wide);
        assertThat(BenchOptions.parse(List.of("--wide", "10000", "--quick"), Map.of()))
                .isEqualTo(wide);
    }

    @Test
    void casesAreChosenByTheirNames() {
        assertThat(BenchOptions.parse(List.of("--only", "gone,short"), Map.of()).cases())
                .containsExactly(Case.SHORT, Case.GONE);
    }

    @Test
    void whatCannotBeMeantIsRefusedByItsName() {
        assertThatThrownBy(() -> BenchOptions.parse(List.of("--fast"), Map.of()))
                .hasMessageContaining("--fast");
        assertThatThrownBy(() -> BenchOptions.parse(List.of("--only", "big"), Map.of()))
                .hasMessageContaining("broadcast");
        assertThatThrownBy(() -> BenchOptions.parse(List.of("--wide"), Map.of()))
                .hasMessageContaining("--wide");
        assertThatThrownBy(() -> BenchOptions.parse(List.of(), Map.of("WIDE", "many")))
                .hasMessageContaining("many");
    }
}
