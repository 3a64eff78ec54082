package dev.sluice.gateway.resilience;

import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.time.Timers;
import dev.sluice.provider.Beginning;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Follows the attempts of one generation. Called on the stream's thread. */
public interface AttemptObserver {

    /** A call is about to be sent. */
    void attemptStarted(Target target);

    /**
     * A call failed.
     *
     * @param error what it met
     * @param upstreamStatus the HTTP status, 0 where there was none
     * @param retryIn when the same target is tried again, null when it is not
     */
    void attemptFailed(Target target, GatewayError error, int upstreamStatus, @Nullable Duration retryIn);

    /** The targets so far are given up; the next one is tried. */
    void fallingBack(Target next);

    /** Returns how many calls were made so far, for all targets together. */
    int attempts();

    /**
     * Whether the call that runs has brought a delta. After that nothing is tried again, unless {@link #interrupted} says so.
     */
    boolean committed();

    /**
     * Returns when the last delta came, of whichever call, as {@link Timers#nanoTime} tells the time; before the first, when
     * all began. It must know of a delta as soon as that was passed on.
     */
    long lastDeltaNanos();

    /** Whether the answer is whole, so that what its provider might still send is not wanted. */
    boolean satisfied();

    /**
     * The answer broke off after the commit point, by the provider's fault or on the way.
     *
     * @return whether the next call is to go on after what came; then {@link #committed} is false until it brings more
     */
    boolean interrupted(GatewayError error);

    /** Returns what the next call is to go on after, empty for a call that is to answer from the start. */
    Optional<Beginning> beginning();
}
