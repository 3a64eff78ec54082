package dev.sluice.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GcraTest {

    private static final BigInteger MINUTE =
            BigInteger.valueOf(Duration.ofMinutes(1).toNanos());
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** Near the end of long, so that moments that are compared and not subtracted are found out. */
    private static final long START = Long.MAX_VALUE - 5 * SECOND;

    /**
     * The algorithm's other form, straight from its definition, in numbers without bounds: the moment at which the next item
     * would be due if all came evenly. Moments are multiplied by the rate.
     */
    private static final class Reference {

        private final BigInteger perMinute;
        private final BigInteger burst;
        private BigInteger due = BigInteger.ZERO;
        private BigInteger now = BigInteger.ZERO;

        Reference(Rate rate) {
            perMinute = BigInteger.valueOf(rate.perMinute());
            burst = BigInteger.valueOf(rate.burst());
        }

        void pass(long nanos) {
            now = now.add(BigInteger.valueOf(nanos).multiply(perMinute));
        }

        long waitNanos(long items) {
            BigInteger cost = BigInteger.valueOf(items).min(burst).multiply(MINUTE);
            BigInteger early =
                    due.max(now).add(cost).subtract(burst.multiply(MINUTE)).subtract(now);
            return early.signum() <= 0
                    ? 0
                    : early.add(perMinute)
                            .subtract(BigInteger.ONE)
                            .divide(perMinute)
                            .longValueExact();
        }

        void add(long items) {
            due = due.max(now).add(BigInteger.valueOf(items).multiply(MINUTE)).max(now);
        }

        long remaining() {
            BigInteger left = burst.multiply(MINUTE).subtract(due.max(now).subtract(now));
            return left.signum() < 0 ? 0 : left.divide(MINUTE).longValueExact();
        }
    }

    @Test
    void agreesWithItsDefinitionToTheNanosecond() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            Rate rate = new Rate(any(random), any(random));
            Gcra gcra = new Gcra(rate, START);
            Reference reference = new Reference(rate);
            long now = START;
            for (int step = 0; step < 200; step++) {
                long passed = (long) (random.nextDouble() * random.nextDouble() * 60 * SECOND / (1 + step % 50));
                now += passed;
                reference.pass(passed);
                long items = Math.max(0, random.nextLong(-3, Math.max(2, rate.burst() / 3)));
                long wait = gcra.waitNanos(items, now);
                assertThat(wait)
                        .as("seed %d, round %d, step %d: %s, %d items", seed, round, step, rate, items)
                        .isEqualTo(reference.waitNanos(items));
                if (random.nextInt(4) == 0) {
                    gcra.giveBack(items, now);
                    reference.add(-items);
                } else if (wait == 0 || random.nextInt(8) == 0) {
                    gcra.take(items, now);
                    reference.add(items);
                } else if (random.nextInt(3) == 0) {
                    assertThat(gcra.waitNanos(items, now + wait - 1))
                            .as("seed %d: one nanosecond early", seed)
                            .isEqualTo(1);
                    now += wait - 1;
                    reference.pass(wait - 1);
                }
                assertThat(gcra.remaining(now)).as("seed %d", seed).isEqualTo(reference.remaining());
            }
        }
    }

    /** Sevenths of a minute are no whole nanoseconds: whoever rounds them is far off after 50 000. */
    @Test
    void doesNotDrift() {
        Gcra gcra = new Gcra(new Rate(7, 2), START);
        long now = START;
        for (int i = 0; i < 50_000; i++) {
            gcra.take(1, now);
            now += gcra.waitNanos(1, now);
        }

        assertThat(now - START).isEqualTo(Math.ceilDiv(49_999 * 60 * SECOND, 7L));
    }

    @Test
    void letsABurstThroughAndThenOneForEachInterval() {
        Gcra gcra = new Gcra(new Rate(60, 3), START);
        for (int i = 0; i < 3; i++) {
            assertThat(gcra.waitNanos(1, START)).isZero();
            gcra.take(1, START);
        }

        assertThat(gcra.remaining(START)).isZero();
        assertThat(gcra.waitNanos(1, START)).isEqualTo(SECOND);
        assertThat(gcra.restNanos(START)).isEqualTo(3 * SECOND);
        assertThat(gcra.waitNanos(1, START + SECOND)).isZero();
        assertThat(gcra.restNanos(START + 3 * SECOND)).isZero();
    }

    @Test
    void moreThanABurstIsTakenFromAFullOneAndWaitedForAfterwards() {
        Gcra gcra = new Gcra(new Rate(60, 10), START);

        assertThat(gcra.waitNanos(25, START)).isZero();
        gcra.take(25, START);

        assertThat(gcra.waitNanos(1, START)).isEqualTo(16 * SECOND);
        assertThat(gcra.waitNanos(25, START)).isEqualTo(25 * SECOND);
    }

    @Test
    void holdsTheLargestNumbers() {
        Gcra gcra = new Gcra(new Rate(Rate.MOST - 11, Rate.MOST), START);

        gcra.take(Long.MAX_VALUE, START);
        gcra.take(Long.MAX_VALUE, START);

        assertThat(gcra.remaining(START)).isZero();
        assertThat(gcra.waitNanos(Long.MAX_VALUE, START)).isPositive();
        gcra.giveBack(Long.MAX_VALUE, START);
        assertThat(gcra.remaining(START)).isEqualTo(Rate.MOST);
    }

    private static long any(Random random) {
        return 1 + random.nextLong((long) Math.pow(10, 1 + random.nextInt(7)));
    }
}
