package dev.sluice.bench.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.bench.upstream.Script;
import java.util.List;
import org.junit.jupiter.api.Test;

class MixTest {

    @Test
    void aFifthOfAllCallsFailsWhateverTheSeed() {
        for (long seed = 1; seed <= 20; seed++) {
            Mix mix = Mix.of(1_000, seed);

            assertThat(mix.scripts()).hasSize(1_000);
            assertThat(mix.failingFirst()).isEqualTo(200);
            assertThat(mix.scripts())
                    .filteredOn(script -> script.failures() > 1)
                    .hasSize(40);
            assertThat(mix.scripts())
                    .filteredOn(script -> script.failures() > 2)
                    .hasSize(8);
        }
    }

    @Test
    void theSeedDecidesWhichAndHow() {
        assertThat(Mix.of(100, 7)).isEqualTo(Mix.of(100, 7)).isNotEqualTo(Mix.of(100, 8));
    }

    @Test
    void everyFaultIsThereAndPassesBeforeTheFirstChunk() {
        List<Script> failing =
                Mix.of(1_000, 1).scripts().stream().filter(Mix::failsFirst).toList();

        for (int status : new int[] {429, 500, 503}) {
            assertThat(failing).anyMatch(script -> script.status() == status);
        }
        assertThat(failing).anyMatch(script -> script.dieAfter() == 0);
        assertThat(failing).anyMatch(script -> script.stallAfter() == 0);
        assertThat(failing).noneMatch(script -> script.dieAfter() > 0 || script.stallAfter() > 0);
    }

    @Test
    void theCommandLineIsReadOrRefusedInASentence() {
        assertThat(FaultsOptions.parse(List.of())).isEqualTo(new FaultsOptions(1_000, 1));
        assertThat(FaultsOptions.parse(List.of("--quick", "--seed", "9"))).isEqualTo(new FaultsOptions(300, 9));
        for (List<String> wrong : List.of(List.of("5"), List.of("--seed"), List.of("--seed", "x"), List.of("--fast"))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> FaultsOptions.parse(wrong))
                    .withMessageContaining("--quick")
                    .withMessageContaining(wrong.getLast());
        }
    }
}
