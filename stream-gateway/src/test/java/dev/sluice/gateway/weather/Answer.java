package dev.sluice.gateway.weather;

import dev.sluice.provider.Phase;
import dev.sluice.provider.ProviderFailure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a provider answers one call.
 *
 * @param first from the call to the first chunk, or to the failure where there is none
 * @param chunks how many chunks come, {@link #PACE} apart
 * @param failure what follows them, null for the finish
 */
record Answer(Duration first, int chunks, @Nullable ProviderFailure failure) {

    /** Chunks of a whole answer. */
    static final int WHOLE = 20;

    /** Between two chunks. */
    static final Duration PACE = Duration.ofMillis(50);

    /** As on a good day. */
    static final Answer FAIR = begunAfter(Duration.ofMillis(400));

    /** Accepts, and says nothing for as long as anybody will wait. */
    static final Answer NOTHING = begunAfter(Duration.ofDays(1));

    private static final Duration SOON = Duration.ofMillis(100);

    /** A whole answer whose first chunk takes so long. */
    static Answer begunAfter(Duration first) {
        return new Answer(first, WHOLE, null);
    }

    /** Half an answer. */
    static Answer dying() {
        return new Answer(
                FAIR.first(), WHOLE / 2, new ProviderFailure.Network(Phase.MID_STREAM, "The connection broke."));
    }

    /** 429, without a word on how long to wait. */
    static Answer throttled() {
        return refused(new ProviderFailure.RateLimited(null, "Slower."));
    }

    /** 503. */
    static Answer overloaded() {
        return refused(new ProviderFailure.Server(503, null, "Overloaded."));
    }

    /** Nobody listens. */
    static Answer unreachable() {
        return refused(new ProviderFailure.Network(Phase.CONNECT, "Connection refused."));
    }

    private static Answer refused(ProviderFailure failure) {
        return new Answer(SOON, 0, failure);
    }

    /** Whether the provider sends an answer's head. */
    boolean accepts() {
        return chunks > 0;
    }

    /** Returns how long a whole answer takes on a good day. */
    static Duration fairTime() {
        return FAIR.first().plus(PACE.multipliedBy(WHOLE - 1));
    }
}
