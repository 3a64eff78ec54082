package dev.sluice.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.testing.Configured;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallersTest {

    private static final String KEY = "sk-a-rather-secret-key";

    private final Callers open = new Callers(Configured.defaults(CallerConfig.class));
    private final Callers closed = new Callers(Configured.with(
            CallerConfig.class,
            Map.of("sluice.callers.alice.api-key", "key-of-alice", "sluice.callers.bob.api-key", "key-of-bob")));

    @Test
    void takesEverybodyWithoutAKeyForOneCaller() {
        assertThat(identify(open, Map.of())).isEqualTo(Caller.ANONYMOUS);
    }

    @Test
    void takesEveryKeyForACallerOfItsOwn() {
        Caller one = identify(open, bearer(KEY));

        assertThat(identify(open, bearer(KEY))).isEqualTo(one);
        assertThat(identify(open, bearer(KEY + "x"))).isNotEqualTo(one);
        assertThat(one).isNotEqualTo(Caller.ANONYMOUS);
    }

    @Test
    void neverNamesACallerByItsKey() {
        assertThat(identify(open, bearer(KEY)).name()).matches("key-[0-9a-f]{16}");
    }

    @Test
    void knowsConfiguredCallersByTheirKeys() {
        assertThat(identify(closed, bearer("key-of-alice"))).isEqualTo(new Caller("alice"));
        assertThat(identify(closed, bearer("key-of-bob"))).isEqualTo(new Caller("bob"));
        assertThat(identify(closed, Map.of("x-api-key", "key-of-bob"))).isEqualTo(new Caller("bob"));
    }

    @Test
    void takesNobodyForAnAdminWhoIsNotConfiguredAsOne() {
        Callers some = new Callers(Configured.with(
                CallerConfig.class,
                Map.of(
                        "sluice.callers.alice.api-key", "key-of-alice",
                        "sluice.callers.root.api-key", "key-of-root",
                        "sluice.callers.root.role", "admin")));

        assertThat(some.isAdmin(identify(some, bearer("key-of-root")))).isTrue();
        assertThat(some.isAdmin(identify(some, bearer("key-of-alice")))).isFalse();
        assertThat(some.configured()).containsExactlyInAnyOrder(new Caller("alice"), new Caller("root"));
        assertThat(open.isAdmin(Caller.ANONYMOUS)).isFalse();
        assertThat(open.isAdmin(new Caller("root"))).isFalse();
        assertThat(open.configured()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer key-of-alice", "bearer key-of-alice", "BEARER   key-of-alice "})
    void readsTheHeaderAsClientsWriteIt(String header) {
        assertThat(identify(closed, Map.of("Authorization", header))).isEqualTo(new Caller("alice"));
    }

    @Test
    void refusesAKeyThatIsNotKnown() {
        assertRefused(bearer(KEY), "This key is not known.");
    }

    @Test
    void refusesWhoPresentsNoKeyWhereOneIsNeeded() {
        assertRefused(Map.of(), "A key is needed: send it as \"Authorization: Bearer\".");
        assertRefused(Map.of("Authorization", "Basic YTpi"), "A key is needed: send it as \"Authorization: Bearer\".");
    }

    private void assertRefused(Map<String, String> headers, String message) {
        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() -> identify(closed, headers))
                .withMessage(message)
                .satisfies(exception -> assertThat(exception.error().code()).isEqualTo(ErrorCode.UNAUTHENTICATED));
    }

    private static Map<String, String> bearer(String key) {
        return Map.of("Authorization", "Bearer " + key);
    }

    private static Caller identify(Callers callers, Map<String, String> headers) {
        return callers.identify(Requests.with(headers));
    }
}
