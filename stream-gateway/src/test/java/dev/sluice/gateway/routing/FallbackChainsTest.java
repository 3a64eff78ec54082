package dev.sluice.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FallbackChainsTest {

    private static FallbackChains chains(Map<String, List<String>> fallbacks) {
        return new FallbackChains(fallbacks);
    }

    private static void assertRefused(FallbackChains chains, String from, String sentence) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> chains.from(from))
                .withMessage(sentence);
    }

    @Test
    void nameWithoutFallbacksLeadsNowhereElse() {
        assertThat(chains(Map.of()).from("a")).containsExactly("a");
    }

    @Test
    void whatAFallbackLeadsToComesBeforeTheNextFallback() {
        assertThat(chains(Map.of("a", List.of("b", "c"), "b", List.of("d"))).from("a"))
                .containsExactly("a", "b", "d", "c");
    }

    @Test
    void nameThatIsReachedTwiceStandsWhereItIsReachedFirst() {
        assertThat(chains(Map.of("a", List.of("b", "c", "d"), "b", List.of("d"), "c", List.of("d")))
                        .from("a"))
                .containsExactly("a", "b", "d", "c");
    }

    @Test
    void loopIsRefusedAndShown() {
        FallbackChains chains = chains(Map.of("a", List.of("b"), "b", List.of("a")));

        assertRefused(chains, "a", "sluice.models.b.fallbacks closes a loop: a -> b -> a.");
        assertRefused(chains, "b", "sluice.models.a.fallbacks closes a loop: b -> a -> b.");
    }

    @Test
    void nameThatLeadsToItselfIsALoop() {
        assertRefused(chains(Map.of("a", List.of("a"))), "a", "sluice.models.a.fallbacks closes a loop: a -> a.");
    }

    @Test
    void loopIsShownWithoutTheWayToIt() {
        assertRefused(
                chains(Map.of("x", List.of("y", "a"), "a", List.of("b"), "b", List.of("c"), "c", List.of("a"))),
                "x",
                "sluice.models.c.fallbacks closes a loop: a -> b -> c -> a.");
    }
}
