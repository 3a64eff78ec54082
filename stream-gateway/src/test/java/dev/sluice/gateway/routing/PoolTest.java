package dev.sluice.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.routing.Pool.Member;
import dev.sluice.gateway.testing.Examples;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PoolTest {

    private static final int DRAWS = 30_000;

    /** Seven standard deviations of the widest of these shares. */
    private static final Offset<Double> NOISE = within(0.02);

    private static final Pool POOL = new Pool(List.of(member("one", 6), member("two", 3), member("three", 1)));

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    PoolTest() {
        System.out.println("PoolTest seed " + seed);
    }

    private static Member member(String provider, int weight) {
        return new Member(Examples.target(provider), weight);
    }

    private List<String> draw() {
        return POOL.draw(_ -> random.nextDouble())
                .map(target -> target.endpoint().name())
                .toList();
    }

    private Map<List<String>, Double> shares() {
        Map<List<String>, Double> shares = new HashMap<>();
        for (int i = 0; i < DRAWS; i++) {
            shares.merge(draw(), 1.0 / DRAWS, Double::sum);
        }
        return shares;
    }

    @Test
    void everyDrawHoldsEveryMemberOnce() {
        for (int i = 0; i < 100; i++) {
            assertThat(draw()).containsExactlyInAnyOrder("one", "two", "three");
        }
    }

    @Test
    void firstIsDrawnByWeightAndTheRestByWeightOutOfWhatIsLeft() {
        Map<List<String>, Double> shares = shares();

        assertThat(shares.get(List.of("one", "two", "three"))).isCloseTo(6 / 10.0 * 3 / 4.0, NOISE);
        assertThat(shares.get(List.of("one", "three", "two"))).isCloseTo(6 / 10.0 * 1 / 4.0, NOISE);
        assertThat(shares.get(List.of("two", "one", "three"))).isCloseTo(3 / 10.0 * 6 / 7.0, NOISE);
        assertThat(shares.get(List.of("two", "three", "one"))).isCloseTo(3 / 10.0 * 1 / 7.0, NOISE);
        assertThat(shares.get(List.of("three", "one", "two"))).isCloseTo(1 / 10.0 * 6 / 9.0, NOISE);
        assertThat(shares.get(List.of("three", "two", "one"))).isCloseTo(1 / 10.0 * 3 / 9.0, NOISE);
    }

    @Test
    void sameLuckDrawsTheSame() {
        random.setSeed(seed);
        List<String> once = draw();
        random.setSeed(seed);

        assertThat(draw()).isEqualTo(once);
    }

    @Test
    void poolOfOneNeedsNoLuck() {
        Target only = Examples.target("one");

        assertThat(Pool.of(only).draw(_ -> {
                    throw new AssertionError("asked for luck");
                }))
                .containsExactly(only);
    }
}
