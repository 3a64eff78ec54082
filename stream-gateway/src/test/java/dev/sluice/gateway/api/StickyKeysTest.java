package dev.sluice.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.gateway.generation.GatewayException;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StickyKeysTest {

    private static void assertRefused(ThrowingCallable reading, String param) {
        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(reading)
                .satisfies(refused -> assertThat(refused.error().param()).isEqualTo(param));
    }

    @Test
    void bodyOrHeaderNamesTheConversation() {
        assertThat(StickyKeys.field("sticky", Json.read("\"chat 7\""))).contains("chat 7");
        assertThat(StickyKeys.of(Optional.of("a"), Requests.with(Map.of()))).isEqualTo("a");
        assertThat(StickyKeys.of(Optional.empty(), Requests.with(Map.of("sluice-sticky", "b"))))
                .isEqualTo("b");
        assertThat(StickyKeys.of(Optional.of("a"), Requests.with(Map.of("Sluice-Sticky", "a"))))
                .isEqualTo("a");
    }

    @Test
    void nothingIsNoKey() {
        assertThat(StickyKeys.field("sticky", Json.read("null"))).isEmpty();
        assertThat(StickyKeys.of(Optional.empty(), Requests.with(Map.of()))).isNull();
    }

    @Test
    void twoDifferentKeysAreRefused() {
        assertRefused(
                () -> StickyKeys.of(Optional.of("a"), Requests.with(Map.of("Sluice-Sticky", "b"))), "Sluice-Sticky");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "\" \"", "7", "true", "[]", "{}"})
    void anythingButAKeyIsRefused(String json) {
        assertRefused(() -> StickyKeys.field("sluice.sticky", Json.read(json)), "sluice.sticky");
    }

    @Test
    void keyHasAtMost256Characters() {
        assertThat(StickyKeys.field("sticky", Json.read("\"" + "x".repeat(256) + "\"")))
                .isPresent();
        assertRefused(() -> StickyKeys.field("sticky", Json.read("\"" + "x".repeat(257) + "\"")), "sticky");
        assertRefused(
                () -> StickyKeys.of(Optional.empty(), Requests.with(Map.of("Sluice-Sticky", "x".repeat(257)))),
                "Sluice-Sticky");
    }
}
