package dev.sluice.gateway.resilience;

import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.Target;
import java.time.Duration;
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

    /** Whether the first delta was logged. After that nothing is tried again. */
    boolean committed();

    /** Whether the answer is whole, so that what its provider might still send is not wanted. */
    boolean satisfied();
}
