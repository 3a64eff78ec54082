package dev.sluice.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.gateway.api.LogTap;
import dev.sluice.gateway.generation.Milestone.BreakerChanged;
import dev.sluice.gateway.generation.Milestone.ChangedBy;
import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.resilience.Breakers.Standing;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class BreakersTest {

    private final GivenSettings given = new GivenSettings(Map.of());
    private final Breakers breakers = given.breakers();
    private final Target small = given.catalog.targets("chat").orElseThrow().getFirst();

    @Test
    void areThereFromTheStartForEveryTargetAndForWhatNobodyLists() {
        assertThat(breakers.standings())
                .extracting(Standing::name)
                .containsExactly("far", "far/org/large", "near", "near/small");
        assertThat(breakers.standings())
                .allSatisfy(standing -> assertThat(standing)
                        .isEqualTo(new Standing(standing.name(), "closed", OptionalInt.of(0), 0, Duration.ZERO)));
    }

    @Test
    void areNoMoreHoweverManyModelsCallersMakeUp() {
        for (int i = 0; i < 1_000; i++) {
            breakers.of(given.catalog.targets("near/made-up-" + i).orElseThrow().getFirst());
        }

        assertThat(breakers.standings()).hasSize(4);
        assertThat(given.meters.find("sluice.breaker.state").gauges()).hasSize(12);
    }

    @Test
    void tellTheirStateToTheMetrics() {
        assertThat(gauge("closed") + gauge("open") + gauge("half_open")).isEqualTo(1);
        assertThat(gauge("closed")).isEqualTo(1);

        fail(5);
        assertThat(gauge("closed")).isZero();
        assertThat(gauge("open")).isEqualTo(1);
        assertThat(openings()).isEqualTo(1);

        given.timers.advance(Duration.ofSeconds(60));
        breakers.of(small).enter(given.timers.nanoTime(), Duration.ofSeconds(1));
        assertThat(gauge("open")).isZero();
        assertThat(gauge("half_open")).isEqualTo(1);
        assertThat(openings()).isEqualTo(1);
    }

    @Test
    void tellTheLogWhenATargetIsLeftAloneAndWhenItIsCalledAgain() {
        try (LogTap log = new LogTap()) {
            fail(5);
            assertThat(log.lines())
                    .anySatisfy(line -> assertThat(line).contains("WARN", "near/small", "is left alone"));

            breakers.reset("near/small");
            assertThat(log.lines()).anySatisfy(line -> assertThat(line).contains("INFO", "near/small is called again"));
        }
    }

    @Test
    void tellHowTheyStand() {
        fail(5);
        given.timers.advance(Duration.ofSeconds(20));

        assertThat(breakers.standings())
                .contains(new Standing("near/small", "open", OptionalInt.empty(), 1, Duration.ofSeconds(40)));
        assertThat(breakers.blockedFor(small, given.timers.nanoTime())).isEqualTo(Duration.ofSeconds(40));
    }

    @Test
    void areClosedByHandAndTheMilestoneSaysSo() {
        fail(5);

        assertThat(breakers.reset("near/small")).isTrue();
        assertThat(breakers.reset("near/small")).as("is closed already").isFalse();
        assertThat(breakers.reset("nobody")).isFalse();

        assertThat(breakers.blockedFor(small, given.timers.nanoTime())).isZero();
        assertThat(given.milestones)
                .containsExactly(
                        new BreakerChanged(small, "closed", "open", ChangedBy.CALLS),
                        new BreakerChanged(small, "open", "closed", ChangedBy.PERSON));
    }

    @Test
    void areClosedAllAtOnce() {
        fail(5);

        assertThat(breakers.resetAll()).isEqualTo(1);
        assertThat(breakers.standings()).extracting(Standing::state).containsOnly("closed");
    }

    @Test
    void stopTheStartWhereTwoModelsWantATargetsOneBreakerToDiffer() {
        GivenSettings torn = new GivenSettings(Map.of("sluice.models.code.resilience.breaker.failures", "9"));

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(torn::breakers)
                .withMessage(
                        "sluice.models.chat.resilience.breaker and sluice.models.code.resilience.breaker differ, but"
                                + " both list far/org/large, and a target has one breaker.");
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            breakers.of(small).settle(0, Breaker.Outcome.FAILURE, given.timers.nanoTime());
        }
    }

    private double gauge(String state) {
        return given.meters
                .get("sluice.breaker.state")
                .tags("target", "near/small", "state", state)
                .gauge()
                .value();
    }

    private double openings() {
        return given.meters
                .get("sluice.breaker.openings")
                .tags("target", "near/small")
                .functionCounter()
                .count();
    }
}
