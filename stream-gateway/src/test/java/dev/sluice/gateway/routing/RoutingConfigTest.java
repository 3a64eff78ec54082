package dev.sluice.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.routing.RoutingConfig.ModelConfig;
import dev.sluice.gateway.routing.RoutingConfig.ProviderConfig;
import dev.sluice.gateway.testing.Configured;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RoutingConfigTest {

    @Test
    void hasNeitherProvidersNorModelsOfItsOwn() {
        RoutingConfig config = Configured.defaults(RoutingConfig.class);

        assertThat(config.providers()).isEmpty();
        assertThat(config.models()).isEmpty();
    }

    @Test
    void takesAProviderForOneThatSpeaksOpenAisProtocol() {
        ProviderConfig provider = provider(
                Configured.with(
                        RoutingConfig.class, Map.of("sluice.providers.local.base-url", "http://localhost:8000/v1")),
                "local");

        assertThat(provider.adapter()).isEqualTo("openai");
        assertThat(provider.apiKey()).isEmpty();
        assertThat(provider.needsApiKey()).isFalse();
        assertThat(provider.headers()).isEmpty();
        assertThat(provider.timeouts().connect()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void shipsASimulatorADemoAndOpenAi() throws IOException {
        RoutingConfig config = ShippedConfiguration.with(Map.of());

        assertThat(config.providers()).containsOnlyKeys("simulator", "openai");
        assertThat(provider(config, "simulator").adapter()).isEqualTo("simulator");
        ProviderConfig openai = provider(config, "openai");
        assertThat(openai.adapter()).isEqualTo("openai");
        assertThat(openai.baseUrl()).contains(URI.create("https://api.openai.com/v1"));
        assertThat(openai.needsApiKey()).isTrue();
        assertThat(openai.apiKey()).isEmpty();
        assertThat(config.models()).containsOnlyKeys("demo");
        assertThat(config.models().values())
                .extracting(ModelConfig::targets)
                .containsExactly(Optional.of(List.of("simulator/demo")));
    }

    @Test
    void takesOpenAisKeyFromTheVariableThatItsOwnClientsRead() throws IOException {
        RoutingConfig config = ShippedConfiguration.with(Map.of("OPENAI_API_KEY", "sk-test"));

        assertThat(provider(config, "openai").apiKey()).contains("sk-test");
    }

    private static ProviderConfig provider(RoutingConfig config, String name) {
        return Objects.requireNonNull(config.providers().get(name));
    }
}
