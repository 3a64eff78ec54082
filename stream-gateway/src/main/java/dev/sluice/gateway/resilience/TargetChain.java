package dev.sluice.gateway.resilience;

import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.routing.Adapters;
import dev.sluice.gateway.time.Timers;
import dev.sluice.provider.ChatRequest;
import dev.sluice.provider.Phase;
import dev.sluice.provider.ProviderException;
import dev.sluice.stream.Chunk;
import io.smallrye.mutiny.Multi;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tries the targets of a route in order: the next one only when the one before is given up before the commit point. A target
 * that its breaker leaves alone waits behind those that may be asked.
 */
@Singleton
public final class TargetChain {

    private final WholeAnswerFallback calls;
    private final Adapters adapters;
    private final Breakers breakers;
    private final Timers timers;

    TargetChain(WholeAnswerFallback calls, Adapters adapters, Breakers breakers, Timers timers) {
        this.calls = calls;
        this.adapters = adapters;
        this.breakers = breakers;
        this.timers = timers;
    }

    /**
     * Returns the targets whose protocols can carry a request, in the same order. Refuses what nobody could answer now, before
     * anything is promised to the caller.
     *
     * @throws GatewayException {@code INVALID_REQUEST} with the field at fault, as the first target sees it, where none can carry
     *     it; {@code CIRCUIT_OPEN} with the shortest wait of all where every breaker is open
     */
    public List<Target> admit(List<Target> route, ChatRequest request) {
        List<Target> able = able(route, request);
        long now = timers.nanoTime();
        Duration wait = breakers.blockedFor(soonest(able, now), now);
        if (wait.isPositive()) {
            throw new GatewayException(StreamGuard.circuitOpen(wait));
        }
        return able;
    }

    /**
     * Streams an answer of the first target that gives one.
     *
     * @param targets in order of preference, at least one
     * @return fails with {@link GatewayException}; what it says of chunks, {@link GuardedStream#open} says
     */
    public Multi<Chunk> stream(List<Target> targets, ChatRequest request, AttemptObserver observer) {
        return Multi.createFrom()
                .deferred(() -> stream(soonest(targets, timers.nanoTime()), targets, request, observer));
    }

    private Multi<Chunk> stream(Target next, List<Target> untried, ChatRequest request, AttemptObserver observer) {
        Multi<Chunk> stream = calls.open(next, request, observer);
        if (untried.size() == 1) {
            return stream;
        }
        return stream.onFailure(failure -> !observer.committed() && anotherMayDoBetter(failure))
                .recoverWithMulti(failure -> {
                    List<Target> rest = new ArrayList<>(untried);
                    rest.remove(next);
                    long now = timers.nanoTime();
                    Target other = soonest(rest, now);
                    if (breakers.blockedFor(other, now).isPositive()) {
                        return Multi.createFrom().failure(failure);
                    }
                    observer.fallingBack(other);
                    return stream(other, rest, request, observer);
                });
    }

    /** Returns the first that may be asked now, or else the one that may be asked soonest. */
    private Target soonest(List<Target> targets, long nowNanos) {
        return targets.size() == 1
                ? targets.getFirst()
                : Collections.min(targets, Comparator.comparing(target -> breakers.blockedFor(target, nowNanos)));
    }

    private List<Target> able(List<Target> route, ChatRequest request) {
        List<Target> able = new ArrayList<>(route.size());
        GatewayException first = null;
        for (Target target : route) {
            GatewayException refusal = refusal(target, request);
            if (refusal == null) {
                able.add(target);
            } else if (first == null) {
                first = refusal;
            }
        }
        if (able.isEmpty() && first != null) {
            throw first;
        }
        return able;
    }

    private @Nullable GatewayException refusal(Target target, ChatRequest request) {
        try {
            adapters.get(target.adapter()).check(target.model(), request);
            return null;
        } catch (ProviderException e) {
            GatewayError error = GatewayError.of(e.failure(), Phase.CONNECT);
            return GatewayException.invalid(error.param(), error.message());
        }
    }

    /**
     * What one provider finds wrong with a request, others will too, unless it is about what that provider has or can hold. A
     * fault of our own is nobody's business.
     */
    private static boolean anotherMayDoBetter(Throwable failure) {
        return failure instanceof GatewayException exception
                && (exception.getCause() instanceof ProviderException said
                        ? said.failure().transferable()
                        : exception.error().status() != 400);
    }
}
