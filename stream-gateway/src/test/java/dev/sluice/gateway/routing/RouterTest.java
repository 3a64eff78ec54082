package dev.sluice.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.testing.Configured;
import dev.sluice.gateway.transform.DeltaKind;
import dev.sluice.gateway.transform.Transform;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RouterTest {

    private final Deque<Double> chance = new ArrayDeque<>();
    private final Router router = new Router(
            new ModelCatalog(
                    Configured.with(
                            RoutingConfig.class,
                            Map.ofEntries(
                                    Map.entry("sluice.providers.simulator.adapter", "simulator"),
                                    Map.entry("sluice.models.one.targets", "simulator/a,simulator/b"),
                                    Map.entry("sluice.models.two.targets", "simulator/b,simulator/c"),
                                    Map.entry(
                                            "sluice.models.even.targets", "simulator/x*1,simulator/y*1,simulator/z*1"),
                                    Map.entry("sluice.models.even.fallbacks", "two,simulator/x"),
                                    Map.entry("sluice.models.silent.targets", "simulator/silent"),
                                    Map.entry("sluice.models.silent.transforms.drop", "reasoning"),
                                    Map.entry("sluice.models.loud.targets", "simulator/loud"),
                                    Map.entry("sluice.models.loud.fallbacks", "one,silent"),
                                    Map.entry("sluice.models.many.targets", many("simulator/m")))),
                    GivenAdapters.named("simulator")),
            chance::removeFirst);

    private static String many(String prefix) {
        return IntStream.range(0, 31).mapToObj(i -> prefix + i).collect(Collectors.joining(","));
    }

    @Test
    void putsFallbacksAfterTheModelsOwnTargetsAndEachTargetOnce() {
        assertThat(router.route("one", List.of("two", "simulator/d", "simulator/a", "one"), null))
                .hasToString("[simulator/a, simulator/b, simulator/c, simulator/d]");
    }

    @Test
    void putsTheModelsOwnFallbacksBeforeThoseOfTheRequest() {
        assertThat(router.route("loud", List.of("simulator/d"), null))
                .hasToString("[simulator/loud, simulator/a, simulator/b, simulator/silent, simulator/d]");
    }

    @Test
    void goesOnWithWhatAFallbackOfTheRequestLeadsTo() {
        assertThat(router.route("simulator/d", List.of("loud"), null))
                .hasToString("[simulator/d, simulator/loud, simulator/a, simulator/b, simulator/silent]");
    }

    @Test
    void drawsTargetsThatShareALoadAndKeepsThemBeforeTheFallbacks() {
        chance.addAll(List.of(0.9, 0.1, 0.5));
        assertThat(router.route("even", List.of(), null))
                .hasToString("[simulator/y, simulator/z, simulator/x, simulator/b, simulator/c]");

        chance.addAll(List.of(0.2, 0.3, 0.1));
        assertThat(router.route("even", List.of(), null))
                .hasToString("[simulator/z, simulator/x, simulator/y, simulator/b, simulator/c]");
    }

    @Test
    void leavesNothingToChanceForAStickyKey() {
        for (int i = 0; i < 100; i++) {
            String key = "chat-" + i;
            assertThat(router.route("even", List.of(), key)).isEqualTo(router.route("even", List.of(), key));
        }
        assertThat(IntStream.range(0, 100)
                        .mapToObj(i -> router.route("even", List.of(), "chat-" + i)
                                .getFirst()
                                .model()))
                .contains("x", "y", "z");
    }

    @Test
    void doesWhatAnyModelOnTheWayDemands() {
        List<Transform> drop = List.of(new Transform.Drop(Set.of(DeltaKind.REASONING)));

        assertThat(router.transforms("loud", List.of()).steps()).isEqualTo(drop);
        assertThat(router.transforms("one", List.of("loud", "silent")).steps())
                .as("once")
                .isEqualTo(drop);
        assertThat(router.transforms("one", List.of("two")).steps()).isEmpty();
    }

    @Test
    void refusesAModelThatNobodyKnows() {
        assertRefused("nothing", List.of(), ErrorCode.MODEL_NOT_FOUND, "model");
    }

    @Test
    void refusesAFallbackThatNobodyKnows() {
        assertRefused("one", List.of("two", "nothing"), ErrorCode.MODEL_NOT_FOUND, "fallbacks");
    }

    @Test
    void refusesMoreTargetsThanAreTried() {
        assertThat(router.route("many", List.of("simulator/one-more"), null)).hasSize(32);

        assertRefused("many", List.of("one"), ErrorCode.INVALID_REQUEST, "fallbacks");
    }

    private void assertRefused(String model, List<String> fallbacks, ErrorCode code, String param) {
        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() -> router.route(model, fallbacks, null))
                .satisfies(exception -> {
                    assertThat(exception.error().code()).isEqualTo(code);
                    assertThat(exception.error().status()).isEqualTo(code.status());
                    assertThat(exception.error().param()).isEqualTo(param);
                });
    }
}
