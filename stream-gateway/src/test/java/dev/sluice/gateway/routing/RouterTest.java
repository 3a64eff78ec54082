package dev.sluice.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.testing.Configured;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouterTest {

    private final Router router = new Router(new ModelCatalog(
            Configured.with(
                    RoutingConfig.class,
                    Map.of(
                            "sluice.providers.simulator.adapter", "simulator",
                            "sluice.models.one.targets", "simulator/a,simulator/b",
                            "sluice.models.two.targets", "simulator/b,simulator/c")),
            GivenAdapters.named("simulator")));

    @Test
    void putsFallbacksAfterTheModelsOwnTargetsAndEachTargetOnce() {
        assertThat(router.route("one", List.of("two", "simulator/d")))
                .hasToString("[simulator/a, simulator/b, simulator/c, simulator/d]");
    }

    @Test
    void refusesAModelThatNobodyKnows() {
        assertRefused("nothing", List.of(), "model");
    }

    @Test
    void refusesAFallbackThatNobodyKnows() {
        assertRefused("one", List.of("two", "nothing"), "fallbacks");
    }

    private void assertRefused(String model, List<String> fallbacks, String param) {
        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() -> router.route(model, fallbacks))
                .satisfies(exception -> {
                    assertThat(exception.error().code()).isEqualTo(ErrorCode.MODEL_NOT_FOUND);
                    assertThat(exception.error().status()).isEqualTo(404);
                    assertThat(exception.error().param()).isEqualTo(param);
                });
    }
}
