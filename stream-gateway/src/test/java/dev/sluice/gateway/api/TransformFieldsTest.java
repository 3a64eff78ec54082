package dev.sluice.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.transform.DeltaKind;
import dev.sluice.gateway.transform.Transform;
import dev.sluice.gateway.transform.Transforms;
import java.util.Collections;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransformFieldsTest {

    private static Transforms read(String json) {
        return TransformFields.read("transforms", Json.read(json));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "{\"drop\":null,\"redact\":null,\"max_length\":null}"})
    void nothingIsNothing(String json) {
        assertThat(read(json)).isEqualTo(Transforms.NONE);
    }

    @Test
    void leavesOutThenRedactsThenCuts() {
        Transforms transforms =
                read("{\"max_length\":2000,\"redact\":[\"email\",{\"literal\":\"ACME\"}],\"drop\":[\"reasoning\"]}");

        assertThat(transforms.steps())
                .satisfiesExactly(
                        drop -> assertThat(drop).isEqualTo(new Transform.Drop(Set.of(DeltaKind.REASONING))),
                        redact -> assertThat(redact).isInstanceOfSatisfying(Transform.Redact.class, given -> {
                            assertThat(given.redactions()).hasSize(2);
                            assertThat(given.maxMatch()).isEqualTo(256);
                        }),
                        length -> assertThat(length).isEqualTo(new Transform.MaxLength(2_000)));
    }

    @Test
    void takesThirtyTwoPatternsOfTwoHundredCharacters() {
        String literal = "{\"literal\":\"" + "x".repeat(200) + "\"}";

        assertThat(read("{\"redact\":[" + String.join(",", Collections.nCopies(32, literal)) + "]}")
                        .steps())
                .hasSize(1);
        assertRefused("{\"redact\":[" + String.join(",", Collections.nCopies(33, literal)) + "]}", "transforms.redact");
        assertRefused("{\"redact\":[{\"literal\":\"" + "x".repeat(201) + "\"}]}", "transforms.redact[0].literal");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
                    []                                          | transforms
                    "email"                                     | transforms
                    {"redacted":["email"]}                      | transforms
                    {"drop":"reasoning"}                        | transforms.drop
                    {"drop":[]}                                 | transforms.drop
                    {"drop":["text"]}                           | transforms.drop[0]
                    {"drop":["reasoning",1]}                    | transforms.drop[1]
                    {"redact":"email"}                          | transforms.redact
                    {"redact":[]}                               | transforms.redact
                    {"redact":["email","name"]}                 | transforms.redact[1]
                    {"redact":[7]}                              | transforms.redact[0]
                    {"redact":[null]}                           | transforms.redact[0]
                    {"redact":[{}]}                             | transforms.redact[0]
                    {"redact":[{"regex":"a+"}]}                 | transforms.redact[0]
                    {"redact":[{"literal":"a","x":1}]}          | transforms.redact[0]
                    {"redact":[{"literal":5}]}                  | transforms.redact[0]
                    {"redact":[{"literal":""}]}                 | transforms.redact[0].literal
                    {"redact":[{"literal":"  "}]}               | transforms.redact[0].literal
                    {"max_length":0}                            | transforms.max_length
                    {"max_length":-5}                           | transforms.max_length
                    {"max_length":1.5}                          | transforms.max_length
                    {"max_length":"10"}                         | transforms.max_length
                    {"max_length":10000001}                     | transforms.max_length
                    {"max_length":99999999999999999999}         | transforms.max_length
                    """)
    void refusalNamesTheFieldAtFault(String json, String param) {
        assertRefused(json, param);
    }

    private static void assertRefused(String json, String param) {
        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() -> read(json))
                .satisfies(exception -> {
                    assertThat(exception.error().code()).isEqualTo(ErrorCode.INVALID_REQUEST);
                    assertThat(exception.error().param()).isEqualTo(param);
                    assertThat(exception.error().message())
                            .startsWith(param + " m")
                            .endsWith(".");
                });
    }
}
