package dev.sluice.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.testing.Configured;
import dev.sluice.provider.Secret;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelCatalogTest {

    private static final Map<String, String> TWO_PROVIDERS = Map.of(
            "sluice.providers.near.base-url", "http://near.example/v1/",
            "sluice.providers.near.headers.x-team", "blue",
            "sluice.providers.near.timeouts.connect", "2s",
            "sluice.providers.far.base-url", "https://far.example/v1",
            "sluice.providers.far.api-key", "far-key",
            "sluice.models.fast.targets", "near/small,far/org/large");

    @Test
    void givesTheTargetsOfAnAliasInTheirOrder() {
        List<Target> targets = catalog(TWO_PROVIDERS).targets("fast").orElseThrow();

        assertThat(targets).hasToString("[near/small, far/org/large]");
        assertThat(targets.getFirst().endpoint().baseUrl())
                .as("without the slash at its end")
                .isEqualTo(URI.create("http://near.example/v1"));
        assertThat(targets.getFirst().endpoint().headers()).containsExactly(Map.entry("x-team", "blue"));
        assertThat(targets.getFirst().endpoint().connectTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(targets.getLast().model())
                .as("a model's name may hold slashes")
                .isEqualTo("org/large");
        assertThat(targets.getLast().endpoint().apiKey()).isEqualTo(new Secret("far-key"));
    }

    @Test
    void givesListedTargetsABreakerEach() {
        assertThat(catalog(TWO_PROVIDERS).targets("fast").orElseThrow())
                .extracting(Target::breaker)
                .containsExactly("near/small", "far/org/large");
    }

    @Test
    void takesEveryTargetForOneThatStreamsUnlessToldOtherwise() {
        assertThat(catalog(TWO_PROVIDERS).targets("fast").orElseThrow()).allMatch(Target::streams);
        assertThat(catalog(TWO_PROVIDERS).targets("near/small").orElseThrow()).allMatch(Target::streams);
        assertThat(catalog(with("sluice.models.fast.streams", "false"))
                        .targets("fast")
                        .orElseThrow())
                .hasToString("[near/small, far/org/large]")
                .noneMatch(Target::streams)
                .extracting(Target::breaker)
                .containsExactly("near/small", "far/org/large");
    }

    @Test
    void takesAnyModelOfAProviderButNoBreakerOfItsOwn() {
        ModelCatalog catalog = catalog(TWO_PROVIDERS);

        assertThat(catalog.targets("near/anything").orElseThrow())
                .singleElement()
                .satisfies(target -> {
                    assertThat(target.model()).isEqualTo("anything");
                    assertThat(target.breaker())
                            .as("callers cannot make breakers up")
                            .isEqualTo("near");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "near", "near/", "/small", "unknown/small", "Fast"})
    void knowsNothingElse(String model) {
        assertThat(catalog(TWO_PROVIDERS).targets(model)).isEmpty();
    }

    @Test
    void listsNamesInAlphabeticalOrder() {
        ModelCatalog catalog = catalog(Map.of(
                "sluice.providers.simulator.adapter", "simulator",
                "sluice.models.b.targets", "simulator/x",
                "sluice.models.a.targets", "simulator/y"));

        assertThat(catalog.names()).containsExactly("a", "b");
        assertThat(catalog.providers()).containsExactly("simulator");
    }

    @Test
    void offersTheDemoOnAFreshInstall() throws IOException {
        ModelCatalog catalog = shipped(Map.of());

        assertThat(catalog.names()).containsExactly("demo");
        assertThat(catalog.targets("demo").orElseThrow()).hasToString("[simulator/demo]");
        assertThat(catalog.targets("simulator/anything")).isPresent();
    }

    @Test
    void offersOpenAiOnceItsKeyIsThere() throws IOException {
        assertThat(shipped(Map.of()).targets("openai/gpt")).isEmpty();

        Target target = shipped(Map.of("OPENAI_API_KEY", "sk-test"))
                .targets("openai/gpt")
                .orElseThrow()
                .getFirst();
        assertThat(target.endpoint().apiKey()).isEqualTo(new Secret("sk-test"));
        assertThat(target.toString() + target.endpoint()).doesNotContain("sk-test");
    }

    @Test
    void saysWhichAdaptersThereAre() {
        assertThatStartStops(Map.of("sluice.providers.x.adapter", "opnai"))
                .isEqualTo("sluice.providers.x.adapter is \"opnai\", but there are only: openai, simulator.");
    }

    @Test
    void saysThatABaseUrlIsMissing() {
        assertThatStartStops(Map.of("sluice.providers.x.adapter", "openai"))
                .isEqualTo("sluice.providers.x.base-url is missing.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8000", "ftp://x.example/", "/v1", "http:///v1"})
    void saysThatABaseUrlIsNoAddress(String url) {
        assertThatStartStops(Map.of("sluice.providers.x.base-url", url))
                .isEqualTo("sluice.providers.x.base-url is not an http or https address.");
    }

    @Test
    void saysThatATargetNamesNoProvider() {
        assertThatStartStops(with("sluice.models.m.targets", "nowhere/small"))
                .isEqualTo("sluice.models.m.targets names \"nowhere/small\", but no provider is called nowhere. "
                        + "Switched on are: far, near.");
    }

    @Test
    void saysHowATargetIsWritten() {
        assertThatStartStops(with("sluice.models.m.targets", "small"))
                .isEqualTo("sluice.models.m.targets names \"small\", but a target is written provider/model. "
                        + "Switched on are: far, near.");
    }

    @Test
    void saysThatATargetsProviderHasNoKey() {
        Map<String, String> properties = with("sluice.models.m.targets", "far/large");
        properties.remove("sluice.providers.far.api-key");
        properties.put("sluice.providers.far.needs-api-key", "true");
        properties.remove("sluice.models.fast.targets");

        assertThatStartStops(properties)
                .isEqualTo("sluice.models.m.targets names \"far/large\", but provider far has no API key. "
                        + "Switched on are: near.");
    }

    @Test
    void gathersTargetsWithWeightsInOnePool() {
        ModelCatalog catalog = catalog(with("sluice.models.m.targets", "near/small*3, far/org/large*1"));

        assertThat(catalog.find("m").orElseThrow().pools())
                .singleElement()
                .extracting(Pool::members, InstanceOfAssertFactories.list(Pool.Member.class))
                .extracting(member -> member.target() + " " + member.weight())
                .containsExactly("near/small 3", "far/org/large 1");
        assertThat(catalog.targets("m").orElseThrow())
                .extracting(Target::breaker)
                .doesNotContain("near/small*3");
    }

    @Test
    void takesTargetsWithoutWeightsOneAfterTheOther() {
        assertThat(catalog(TWO_PROVIDERS).find("fast").orElseThrow().pools()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    near/small*0,near/b*1    | names "near/small*0", but a weight is a whole number from 1 to 1000.
                    near/small*1001,near/b*1 | names "near/small*1001", but a weight is a whole number from 1 to 1000.
                    near/small*-1,near/b*1   | names "near/small*-1", but a weight is a whole number from 1 to 1000.
                    near/small*,near/b*1     | names "near/small*", but a weight is a whole number from 1 to 1000.
                    near/small*0.5,near/b*1  | names "near/small*0.5", but a weight is a whole number from 1 to 1000.
                    near/small*3,near/b      | gives only some targets a weight: write one after each, as in provider/model*3, or after none.
                    near/small*3,near/small*1 | names near/small twice.
                    near/small,near/small    | names near/small twice.
                    near/*3                  | names "near/", but a target is written provider/model. Switched on are: far, near.
                    """)
    void saysWhatIsWrongWithAWeight(String targets, String sentence) {
        assertThatStartStops(with("sluice.models.m.targets", targets)).isEqualTo("sluice.models.m.targets " + sentence);
    }

    @Test
    void followsFallbacksFromModelToModel() {
        Map<String, String> properties = with("sluice.models.m.targets", "near/m");
        properties.put("sluice.models.m.fallbacks", "n, near/last");
        properties.put("sluice.models.n.targets", "near/n");
        properties.put("sluice.models.n.fallbacks", "fast");
        ModelCatalog catalog = catalog(properties);

        assertThat(catalog.find("m").orElseThrow().fallbacks()).containsExactly("n", "fast", "near/last");
        assertThat(catalog.targets("m").orElseThrow()).hasToString("[near/m]");
        assertThat(catalog.names()).containsExactly("fast", "m", "n");
    }

    @Test
    void givesAConfiguredFallbackABreakerOfItsOwn() {
        assertThat(catalog(with("sluice.models.fast.fallbacks", "near/last"))
                        .targets("near/last")
                        .orElseThrow())
                .extracting(Target::breaker)
                .containsExactly("near/last");
    }

    @Test
    void saysWhichFallbacksCloseALoop() {
        Map<String, String> properties = with("sluice.models.m.targets", "near/m");
        properties.put("sluice.models.m.fallbacks", "fast");
        properties.put("sluice.models.fast.fallbacks", "m");

        assertThatStartStops(properties).isEqualTo("sluice.models.m.fallbacks closes a loop: fast -> m -> fast.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    slow          | no model is called that, and a target is written provider/model
                    nowhere/small | no provider is called nowhere
                    """)
    void saysThatAFallbackIsUnknown(String name, String why) {
        assertThatStartStops(with("sluice.models.fast.fallbacks", name))
                .isEqualTo("sluice.models.fast.fallbacks names \"" + name + "\", but " + why
                        + ". Switched on are: far, near.");
    }

    @Test
    void saysThatAModelHasTooManyTargets() {
        String targets = IntStream.range(0, 31).mapToObj(i -> "near/" + i).collect(Collectors.joining(","));

        assertThat(catalog(with("sluice.models.m.targets", targets + ",near/31"))
                        .targets("m"))
                .get(InstanceOfAssertFactories.LIST)
                .hasSize(32);
        Map<String, String> properties = with("sluice.models.m.targets", targets);
        properties.put("sluice.models.m.fallbacks", "fast,near/0");
        assertThatStartStops(properties)
                .isEqualTo("sluice.models.m has 33 targets together with its fallbacks, but at most 32 are tried.");
    }

    @Test
    void aModelWithoutTargetsStopsTheStart() {
        assertThatStartStops(with("sluice.models.m.targets", ""))
                .isEqualTo("sluice.models.m.targets is missing or empty.");
        assertThatStartStops(with("sluice.models.m.streams", "false"))
                .isEqualTo("sluice.models.m.targets is missing or empty.");
    }

    private static Map<String, String> with(String name, String value) {
        Map<String, String> properties = new HashMap<>(TWO_PROVIDERS);
        properties.put(name, value);
        return properties;
    }

    private static AbstractStringAssert<?> assertThatStartStops(Map<String, String> properties) {
        return assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> catalog(properties))
                .extracting(Throwable::getMessage, InstanceOfAssertFactories.STRING);
    }

    private static ModelCatalog catalog(Map<String, String> properties) {
        return catalog(Configured.with(RoutingConfig.class, properties));
    }

    private static ModelCatalog shipped(Map<String, String> more) throws IOException {
        return catalog(ShippedConfiguration.with(more));
    }

    private static ModelCatalog catalog(RoutingConfig config) {
        return new ModelCatalog(config, GivenAdapters.named("simulator", "openai"));
    }
}
