package dev.sluice.gateway.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.time.VirtualTimers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PaceTest {

    private final VirtualTimers timers = new VirtualTimers();
    private final AtomicInteger passed = new AtomicInteger();
    private final AtomicBoolean last = new AtomicBoolean();
    private final Pace pace = new Pace(timers, Duration.ofMillis(50), last::get, passed::incrementAndGet);

    @Test
    void passesTheFirstNewsAtOnce() {
        pace.run();

        assertThat(passed).hasValue(1);
    }

    @Test
    void gathersWhatComesWithinTheWindow() {
        for (int i = 0; i < 5; i++) {
            pace.run();
        }
        assertThat(passed).hasValue(1);

        timers.advance(Duration.ofMillis(49));
        assertThat(passed).hasValue(1);
        timers.advance(Duration.ofMillis(1));
        assertThat(passed).hasValue(2);
        timers.advance(Duration.ofSeconds(1));
        assertThat(passed).hasValue(2);
    }

    @Test
    void passesTheLastNewsAtOnceAndOnce() {
        pace.run();
        pace.run();
        last.set(true);
        pace.run();
        assertThat(passed).hasValue(2);

        timers.advance(Duration.ofSeconds(1));

        assertThat(passed).hasValue(2);
    }
}
