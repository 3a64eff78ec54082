package dev.sluice.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VerdictTest {

    private static final Reading FRESH = new Reading(10, 3, 0, 20, 0, 0, 0, 0, 0);
    private static final Reading STEADY = new Reading(20, 3, 5, 25, 0, 0, 0, 100, 100);

    private final Tally tally = new Tally(_ -> {});

    private boolean good(Reading last) {
        return new Verdict(FRESH, STEADY, last, tally).good();
    }

    @Test
    void aGatewayThatHoldsNothingIsGood() {
        assertThat(good(new Reading(20.9, 3, 9, 25, 0, 0, 0, 900, 900))).isTrue();
    }

    @Test
    void aHeapThatGrowsIsNot() {
        assertThat(good(new Reading(21.1, 3, 9, 25, 0, 0, 0, 900, 900))).isFalse();
    }

    @Test
    void aConnectionThatIsLeftIsNot() {
        assertThat(good(new Reading(20, 4, 9, 25, 0, 0, 0, 900, 900))).isFalse();
    }

    @Test
    void aStreamThatStillRunsOrIsKeptOrWasLostIsNot() {
        assertThat(good(new Reading(20, 3, 9, 25, 1, 0, 0, 900, 900))).isFalse();
        assertThat(good(new Reading(20, 3, 9, 25, 0, 1, 0, 900, 900))).isFalse();
        assertThat(good(new Reading(20, 3, 9, 25, 0, 0, 1, 900, 900))).isFalse();
        assertThat(good(new Reading(20, 3, 9, 25, 0, 0, 0, 900, 899))).isFalse();
    }

    @Test
    void aFaultIsNot() {
        tally.fault("resume", new IllegalStateException("x"));
        assertThat(good(STEADY)).isFalse();
    }

    @Test
    void whatTheSystemDoesNotTellIsNotHeldAgainstIt() {
        assertThat(good(new Reading(20, Double.NaN, 9, Double.NaN, 0, 0, 0, 900, 900)))
                .isTrue();
    }
}
