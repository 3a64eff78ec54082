package dev.sluice.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.testing.Examples;
import dev.sluice.gateway.time.VirtualTimers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuardThreadTest {

    private static final GuardSettings SETTINGS = new GuardSettings(
            new RetryPolicy(3, Duration.ofSeconds(1), 2, Duration.ofSeconds(30), 0.3, Duration.ofSeconds(60)),
            new BreakerPolicy(new OpeningRule.FailuresInARow(5), Duration.ofSeconds(60)),
            StreamClocks.DEFAULTS);

    @Test
    void everythingIsPassedOnOnTheThreadThatBroughtIt() throws InterruptedException {
        VirtualTimers timers = new VirtualTimers();
        ScriptedUpstream upstream = new ScriptedUpstream();
        List<String> told = new ArrayList<>();
        new StreamGuard(timers, new StreamTimeouts(timers), () -> 0.5)
                .guard(
                        upstream.call(),
                        new GuardedCall(
                                Examples.target("one"),
                                new RecordedAttempts(timers),
                                SETTINGS,
                                new Breaker(SETTINGS.breaker(), () -> 0, (_, _, _) -> {})))
                .subscribe()
                .with(
                        chunk -> told.add(chunk.getClass().getSimpleName() + " on " + here()),
                        failure -> told.add(failure + " on " + here()),
                        () -> told.add("end on " + here()));

        on("first", upstream::start);
        on("second", () -> upstream.text("Hello"));
        on("third", upstream::finish);

        assertThat(told)
                .containsExactly("Started on first", "TextDelta on second", "Finished on third", "end on third");
    }

    private static void on(String name, Runnable action) throws InterruptedException {
        Thread.ofPlatform().name(name).start(action).join();
    }

    private static String here() {
        return Thread.currentThread().getName();
    }
}
