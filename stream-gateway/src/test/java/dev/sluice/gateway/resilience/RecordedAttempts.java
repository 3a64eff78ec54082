package dev.sluice.gateway.resilience;

import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.time.Timers;
import dev.sluice.provider.Beginning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Remembers what it was told. */
final class RecordedAttempts implements AttemptObserver {

    private final Timers timers;
    private final List<String> told = new ArrayList<>();
    private long lastDeltaNanos;
    private int attempts;
    private boolean committed;
    private boolean satisfied;
    private boolean continues;

    RecordedAttempts(Timers timers) {
        this.timers = timers;
        this.lastDeltaNanos = timers.nanoTime();
    }

    @Override
    public void attemptStarted(Target target) {
        attempts++;
        told.add("started " + target + (target.streams() ? "" : " whole"));
    }

    @Override
    public void attemptFailed(Target target, GatewayError error, int upstreamStatus, @Nullable Duration retryIn) {
        told.add("failed " + error.code() + " " + upstreamStatus
                + (retryIn == null ? "" : " retry in " + retryIn.toMillis()));
    }

    @Override
    public void fallingBack(Target next) {
        told.add("falling back to " + next);
    }

    @Override
    public int attempts() {
        return attempts;
    }

    @Override
    public boolean committed() {
        return committed;
    }

    @Override
    public long lastDeltaNanos() {
        return lastDeltaNanos;
    }

    @Override
    public boolean satisfied() {
        return satisfied;
    }

    void satisfy() {
        satisfied = true;
    }

    @Override
    public boolean interrupted(GatewayError error) {
        told.add("interrupted " + error.code());
        committed = committed && !continues;
        return continues;
    }

    @Override
    public Optional<Beginning> beginning() {
        return Optional.empty();
    }

    /** From now on what breaks off is to be gone on with. */
    void continueWhatBreaksOff() {
        continues = true;
    }

    /** A delta has come. */
    void commit() {
        committed = true;
        lastDeltaNanos = timers.nanoTime();
    }

    List<String> told() {
        return told;
    }
}
