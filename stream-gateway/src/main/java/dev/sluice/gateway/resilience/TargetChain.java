package dev.sluice.gateway.resilience;

import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.routing.Adapters;
import dev.sluice.provider.ChatRequest;
import dev.sluice.provider.Phase;
import dev.sluice.provider.ProviderException;
import dev.sluice.stream.Chunk;
import io.smallrye.mutiny.Multi;
import jakarta.inject.Singleton;
import java.util.List;

/** Tries the targets of a route in order: the next one only when the one before is given up before the commit point. */
@Singleton
public final class TargetChain {

    private final WholeAnswerFallback calls;
    private final Adapters adapters;

    TargetChain(WholeAnswerFallback calls, Adapters adapters) {
        this.calls = calls;
        this.adapters = adapters;
    }

    /**
     * Refuses what the first target's protocol could never carry, before anything is promised to the caller.
     *
     * @throws GatewayException {@code INVALID_REQUEST} with the field at fault
     */
    public void check(List<Target> targets, ChatRequest request) {
        Target first = targets.getFirst();
        try {
            adapters.get(first.adapter()).check(first.model(), request);
        } catch (ProviderException e) {
            GatewayError error = GatewayError.of(e.failure(), Phase.CONNECT);
            throw GatewayException.invalid(error.param(), error.message());
        }
    }

    /**
     * Streams an answer of the first target that gives one.
     *
     * @param targets in order of preference, at least one
     * @return fails with {@link GatewayException}; what it says of chunks, {@link GuardedStream#open} says
     */
    public Multi<Chunk> stream(List<Target> targets, ChatRequest request, AttemptObserver observer) {
        Target first = targets.getFirst();
        Multi<Chunk> stream = calls.open(first, request, observer);
        if (targets.size() == 1) {
            return stream;
        }
        List<Target> rest = targets.subList(1, targets.size());
        return stream.onFailure(failure -> !observer.committed() && anotherMayDoBetter(failure))
                .recoverWithMulti(() -> {
                    observer.fallingBack(rest.getFirst());
                    return stream(rest, request, observer);
                });
    }

    /** A request that one provider finds wrong, others will find wrong too. */
    private static boolean anotherMayDoBetter(Throwable failure) {
        return failure instanceof GatewayException exception
                && exception.error().status() != 400;
    }
}
