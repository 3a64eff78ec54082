package dev.sluice.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.routing.Pool.Member;
import dev.sluice.gateway.testing.Examples;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AffinityTest {

    private static final int KEYS = 30_000;
    private static final double LUCK_OF_CHAT_1 = 0.2756515795187797;
    private static final Target ONE = Examples.target("one");
    private static final Target TWO = Examples.target("two");
    private static final Target THREE = Examples.target("three");
    private static final Pool ALL = new Pool(List.of(new Member(ONE, 6), new Member(TWO, 3), new Member(THREE, 1)));

    private static List<Target> order(Pool pool, String key) {
        return pool.draw(new Affinity(key)).toList();
    }

    private static Target first(Pool pool, String key) {
        return order(pool, key).getFirst();
    }

    @Test
    void keyAlwaysGetsTheSameOrder() {
        for (int i = 0; i < 100; i++) {
            assertThat(order(ALL, "chat-" + i)).isEqualTo(order(ALL, "chat-" + i));
        }
    }

    /** Another gateway, and this one after a restart or an update, must find the same. */
    @Test
    void luckNeverChanges() {
        assertThat(new Affinity("chat-1").applyAsDouble(ONE)).isEqualTo(LUCK_OF_CHAT_1);
        assertThat(new Affinity("").applyAsDouble(ONE)).isBetween(0.0, 1.0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%d", "chat-%06d", "%d-5f0c1d7e-user@example.org"})
    void keysSpreadAsTheWeightsSay(String format) {
        var shares = IntStream.range(0, KEYS)
                .mapToObj(i -> first(ALL, format.formatted(i)))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.summingDouble(_ -> 1.0 / KEYS)));

        assertThat(shares.get(ONE)).isCloseTo(0.6, within(0.02));
        assertThat(shares.get(TWO)).isCloseTo(0.3, within(0.02));
        assertThat(shares.get(THREE)).isCloseTo(0.1, within(0.02));
    }

    @Test
    void targetThatLeavesMovesOnlyItsOwnKeysAndTheyGoWhereTheyFellBackTo() {
        Pool without = new Pool(List.of(new Member(ONE, 6), new Member(THREE, 1)));

        for (int i = 0; i < 1_000; i++) {
            List<Target> before = order(ALL, "chat-" + i);
            Target expected = before.getFirst().equals(TWO) ? before.get(1) : before.getFirst();
            assertThat(first(without, "chat-" + i)).isEqualTo(expected);
        }
    }

    @Test
    void weightThatGrowsOnlyDrawsKeysToItself() {
        Pool heavier = new Pool(List.of(new Member(ONE, 6), new Member(TWO, 3), new Member(THREE, 5)));

        for (int i = 0; i < 1_000; i++) {
            assertThat(first(heavier, "chat-" + i)).isIn(first(ALL, "chat-" + i), THREE);
        }
    }
}
