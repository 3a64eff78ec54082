package dev.sluice.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.resilience.Breaker.Entry;
import dev.sluice.gateway.resilience.Breaker.Outcome;
import dev.sluice.gateway.resilience.BreakerState.Closed;
import dev.sluice.gateway.resilience.BreakerState.HalfOpen;
import dev.sluice.gateway.resilience.BreakerState.Open;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BreakerTest {

    private static final Duration PAUSE = Duration.ofSeconds(60);
    private static final long START = Long.MAX_VALUE - Duration.ofSeconds(90).toNanos();

    private final List<String> changes = new ArrayList<>();
    private final Breaker breaker =
            new Breaker(5, PAUSE, (from, to) -> changes.add(from.wireName() + " > " + to.wireName()));
    private long now = START;

    @Test
    void opensAfterFiveFailuresInARow() {
        failTimes(4);
        assertThat(breaker.state()).isEqualTo(new Closed(4));

        failTimes(1);

        assertThat(breaker.state()).isEqualTo(new Open(START + PAUSE.toNanos()));
        assertThat(changes).containsExactly("closed > open");
    }

    @Test
    void forgetsFailuresAfterASuccess() {
        failTimes(4);
        settle(passed(), Outcome.SUCCESS);
        failTimes(4);

        assertThat(breaker.state()).isEqualTo(new Closed(4));
    }

    @Test
    void takesNeutralOutcomesForNothing() {
        failTimes(4);
        settle(passed(), Outcome.NEUTRAL);

        assertThat(breaker.state()).isEqualTo(new Closed(4));
        failTimes(1);
        assertThat(breaker.state()).isInstanceOf(Open.class);
    }

    @Test
    void blocksWhileOpenAndTellsForHowLong() {
        failTimes(5);
        now += Duration.ofSeconds(20).toNanos();

        assertThat(enter()).isEqualTo(new Entry.Blocked(Duration.ofSeconds(40)));
        now += Duration.ofSeconds(40).toNanos() - 1;
        assertThat(enter()).isEqualTo(new Entry.Blocked(Duration.ofNanos(1)));
    }

    @Test
    void tellsForHowLongItBlocksWithoutTakingTheProbe() {
        assertThat(breaker.blockedFor(now)).isZero();
        failTimes(5);
        now += Duration.ofSeconds(20).toNanos();
        assertThat(breaker.blockedFor(now)).isEqualTo(Duration.ofSeconds(40));

        now += Duration.ofSeconds(50).toNanos();
        assertThat(breaker.blockedFor(now)).isZero();
        assertThat(breaker.state()).isInstanceOf(Open.class);

        passed();
        assertThat(breaker.blockedFor(now)).as("while the probe is under way").isEqualTo(PAUSE);
    }

    @Test
    void letsOneProbeThroughAfterThePause() {
        failTimes(5);
        now += PAUSE.toNanos();

        long probe = passed();

        assertThat(breaker.state()).isEqualTo(new HalfOpen(probe, now + PAUSE.toNanos()));
        assertThat(enter()).isEqualTo(new Entry.Blocked(PAUSE));
        assertThat(changes).containsExactly("closed > open", "open > half_open");
    }

    @Test
    void closesWhenTheProbeSucceeds() {
        settle(probe(), Outcome.SUCCESS);

        assertThat(breaker.state()).isEqualTo(new Closed(0));
        assertThat(changes).containsExactly("closed > open", "open > half_open", "half_open > closed");
    }

    @Test
    void opensForAnotherPauseWhenTheProbeFails() {
        settle(probe(), Outcome.FAILURE);

        assertThat(breaker.state()).isEqualTo(new Open(now + PAUSE.toNanos()));
    }

    @Test
    void letsAnotherProbeThroughAtOnceAfterANeutralOne() {
        settle(probe(), Outcome.NEUTRAL);

        settle(passed(), Outcome.SUCCESS);
        assertThat(breaker.state()).isEqualTo(new Closed(0));
    }

    @Test
    void replacesALostProbeWhenItsLeaseIsOver() {
        long lost = probe();
        now += PAUSE.toNanos() - 1;
        assertThat(enter()).isInstanceOf(Entry.Blocked.class);
        now += 1;

        long second = passed();
        settle(lost, Outcome.FAILURE);

        assertThat(breaker.state()).isEqualTo(new HalfOpen(second, now + PAUSE.toNanos()));
        assertThat(changes).as("a new lease is no change of state").hasSize(2);
    }

    @Test
    void ignoresOutcomesOfCallsFromBeforeItOpened() {
        long early = passed();
        long alsoEarly = passed();
        failTimes(5);
        BreakerState open = breaker.state();

        settle(early, Outcome.SUCCESS);
        assertThat(breaker.state()).isEqualTo(open);

        now += PAUSE.toNanos();
        long probe = passed();
        settle(alsoEarly, Outcome.FAILURE);
        assertThat(breaker.state()).isEqualTo(new HalfOpen(probe, now + PAUSE.toNanos()));
    }

    private long probe() {
        failTimes(5);
        now += PAUSE.toNanos();
        return passed();
    }

    private void failTimes(int times) {
        for (int i = 0; i < times; i++) {
            settle(passed(), Outcome.FAILURE);
        }
    }

    private Entry enter() {
        return breaker.enter(now);
    }

    private long passed() {
        Entry entry = enter();
        assertThat(entry).isInstanceOf(Entry.Passed.class);
        return ((Entry.Passed) entry).ticket();
    }

    private void settle(long ticket, Outcome outcome) {
        breaker.settle(ticket, outcome, now);
    }
}
