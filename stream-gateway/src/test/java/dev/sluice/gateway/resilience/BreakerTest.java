package dev.sluice.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.generation.Milestone.ChangedBy;
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
    private static final Duration LEASE = Duration.ofSeconds(125);
    private static final long START = Long.MAX_VALUE - Duration.ofSeconds(90).toNanos();

    private final List<String> changes = new ArrayList<>();
    private double chance;
    private final Breaker breaker = breaker(new OpeningRule.FailuresInARow(5));
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

        assertThat(breaker.state()).isEqualTo(new HalfOpen(probe, now + LEASE.toNanos()));
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
    void drawsEachPauseAnewAndNoneLongerThanItIsSet() {
        chance = 0.5;
        failTimes(5);
        assertThat(enter()).isEqualTo(new Entry.Blocked(Duration.ofSeconds(51)));
        assertThat(breaker.blockedFor(now)).isEqualTo(Duration.ofSeconds(51));

        now += Duration.ofSeconds(51).toNanos();
        long probe = passed();
        chance = Math.nextDown(1.0);
        settle(probe, Outcome.FAILURE);

        assertThat(breaker.blockedFor(now)).isBetween(Duration.ofSeconds(42), Duration.ofMillis(42_001));
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
        now += LEASE.toNanos() - 1;
        assertThat(enter()).isEqualTo(new Entry.Blocked(Duration.ofNanos(1)));
        now += 1;

        long second = passed();
        settle(lost, Outcome.FAILURE);

        assertThat(breaker.state()).isEqualTo(new HalfOpen(second, now + LEASE.toNanos()));
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
        assertThat(breaker.state()).isEqualTo(new HalfOpen(probe, now + LEASE.toNanos()));
    }

    @Test
    void closesWithTheFirstChunkOfTheProbeAndForgetsWhatWas() {
        long probe = probe();

        breaker.firstChunk(probe);

        assertThat(breaker.state()).isEqualTo(new Closed(0));
        settle(probe, Outcome.FAILURE);
        assertThat(breaker.state()).as("its end counts as that of any call").isEqualTo(new Closed(1));
        assertThat(changes).containsExactly("closed > open", "open > half_open", "half_open > closed");
    }

    @Test
    void takesNoFirstChunkOfAnotherCallForTheProbes() {
        long early = passed();
        long probe = probe();

        breaker.firstChunk(early);

        assertThat(breaker.state()).isEqualTo(new HalfOpen(probe, now + LEASE.toNanos()));
    }

    @Test
    void forgivesNothingForAFirstChunkWhileClosed() {
        failTimes(4);

        breaker.firstChunk(passed());

        assertThat(breaker.state()).isEqualTo(new Closed(4));
    }

    @Test
    void closesByHandFromEveryState() {
        assertThat(breaker.reset()).as("was closed already").isFalse();
        failTimes(4);
        breaker.reset();
        assertThat(breaker.state()).isEqualTo(new Closed(0));
        assertThat(changes).isEmpty();

        failTimes(5);
        assertThat(breaker.reset()).isTrue();
        assertThat(breaker.state()).isEqualTo(new Closed(0));

        long probe = probe();
        assertThat(breaker.reset()).isTrue();
        settle(probe, Outcome.FAILURE);
        assertThat(breaker.state()).isEqualTo(new Closed(1));
        assertThat(changes)
                .containsExactly(
                        "closed > open",
                        "open > closed by PERSON",
                        "closed > open",
                        "open > half_open",
                        "half_open > closed by PERSON");
        assertThat(breaker.openings()).isEqualTo(2);
    }

    @Test
    void opensByRatioOnceEnoughCallsHaveEnded() {
        Breaker half = breaker(new OpeningRule.FailureRatio(0.5, 6, 4));

        settle(half, Outcome.FAILURE, Outcome.FAILURE, Outcome.SUCCESS);
        assertThat(half.state()).isInstanceOf(Closed.class);
        settle(half, Outcome.NEUTRAL);
        assertThat(half.state()).as("a neutral outcome is no call").isInstanceOf(Closed.class);
        settle(half, Outcome.SUCCESS);
        assertThat(half.state()).as("a success never opens").isInstanceOf(Closed.class);
        settle(half, Outcome.FAILURE);

        assertThat(half.state()).isInstanceOf(Open.class);
    }

    @Test
    void looksAtNoMoreThanTheLastCalls() {
        Breaker half = breaker(new OpeningRule.FailureRatio(0.5, 4, 4));
        settle(half, Outcome.FAILURE, Outcome.SUCCESS, Outcome.SUCCESS, Outcome.SUCCESS);

        settle(half, Outcome.FAILURE);
        assertThat(half.state()).as("the oldest failure is forgotten").isInstanceOf(Closed.class);
        settle(half, Outcome.FAILURE);

        assertThat(half.state()).isInstanceOf(Open.class);
    }

    @Test
    void startsAnEmptyWindowAfterItWasOpen() {
        Breaker half = breaker(new OpeningRule.FailureRatio(0.5, 4, 2));
        settle(half, Outcome.FAILURE, Outcome.FAILURE);
        now += PAUSE.toNanos();
        settle(half, Outcome.SUCCESS);

        settle(half, Outcome.FAILURE);

        assertThat(half.state()).isEqualTo(new Closed(1, CallWindow.of(4).with(true)));
    }

    private Breaker breaker(OpeningRule rule) {
        return new Breaker(
                new BreakerPolicy(rule, PAUSE),
                () -> chance,
                (from, to, by) -> changes.add(
                        from.wireName() + " > " + to.wireName() + (by == ChangedBy.PERSON ? " by " + by : "")));
    }

    private void settle(Breaker one, Outcome... outcomes) {
        for (Outcome outcome : outcomes) {
            one.settle(((Entry.Passed) one.enter(now, LEASE)).ticket(), outcome, now);
        }
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
        return breaker.enter(now, LEASE);
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
