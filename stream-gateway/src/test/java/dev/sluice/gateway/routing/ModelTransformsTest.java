package dev.sluice.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.gateway.testing.Configured;
import dev.sluice.gateway.transform.ChunkTransform;
import dev.sluice.gateway.transform.Transforms;
import dev.sluice.stream.Chunk;
import dev.sluice.stream.FinishReason;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelTransformsTest {

    private static Router router(Map<String, String> transforms) {
        Map<String, String> properties = new HashMap<>();
        properties.put("sluice.providers.simulator.adapter", "simulator");
        properties.put("sluice.models.plain.targets", "simulator/a");
        properties.put("sluice.models.m.targets", "simulator/b");
        transforms.forEach((name, value) -> properties.put("sluice.models.m.transforms." + name, value));
        return new Router(
                new ModelCatalog(
                        Configured.with(RoutingConfig.class, properties), GivenAdapters.named("simulator", "openai")),
                () -> 0.5);
    }

    private static List<Chunk> through(Transforms transforms, String text) {
        List<Chunk> out = new ArrayList<>();
        ChunkTransform first = transforms.open(out::add);
        first.accept(new Chunk.ReasoningDelta("thoughts"));
        first.accept(new Chunk.TextDelta(text));
        first.accept(new Chunk.Finished(FinishReason.STOP));
        return out;
    }

    @Test
    void nothingIsDoneUnlessItIsConfigured() {
        assertThat(router(Map.of()).transforms("m", List.of("plain"))).isEqualTo(Transforms.NONE);
        assertThat(router(Map.of()).transforms("simulator/x", List.of())).isEqualTo(Transforms.NONE);
    }

    @Test
    void leavesOutThenRedactsThenCuts() {
        Transforms transforms = router(Map.of(
                        "drop", "reasoning",
                        "redact", "email,phone",
                        "redact-literals", "ACME",
                        "redact-expressions.employee", "EMP-\\d{1,4}",
                        "max-length", "42"))
                .transforms("m", List.of());

        assertThat(through(transforms, "joe@example.com, EMP-1234, ACME, 555-123-4567 and so on"))
                .containsExactly(
                        new Chunk.TextDelta("[EMAIL], [EMPLOYEE], [REDACTED], [PHONE] a"),
                        new Chunk.Finished(FinishReason.LENGTH));
    }

    @Test
    void whatAFallbackDemandsIsDoneAsWell() {
        Router router = router(Map.of("redact-literals", "ACME"));

        assertThat(through(router.transforms("plain", List.of("m")), "by ACME"))
                .contains(new Chunk.TextDelta("by [REDACTED]"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    drop                   | text      | drop names "text", but only reasoning and tool_call can be left out.
                    redact                 | emial     | redact names "emial", but there are only: email, credit_card, phone, ip_address, api_key, bearer_token, iban.
                    redact-expressions.x   | (a        | redact-expressions.x is no regular expression: Unclosed group.
                    redact-expressions.x   | a*        | redact-expressions.x matches even where nothing is.
                    max-match              | 10        | max-match must be from 64 to 1024.
                    max-length             | 0         | max-length must be above 0.
                    """)
    void mistakeStopsTheStartWithOneSentence(String property, String value, String sentence) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> router(Map.of(property, value)))
                .withMessage("sluice.models.m.transforms." + sentence);
    }
}
