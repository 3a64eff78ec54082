package dev.sluice.gateway.resilience;

import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.routing.Adapters;
import dev.sluice.provider.ChatRequest;
import dev.sluice.provider.ModelProvider;
import dev.sluice.stream.Chunk;
import io.smallrye.faulttolerance.api.ExponentialBackoff;
import io.smallrye.mutiny.Multi;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.temporal.ChronoUnit;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Retry;

/** Opens the stream of one target. The annotations are the defaults of retry and breaker; configuration overrides them. */
@ApplicationScoped
class GuardedStream {

    private final Adapters adapters;

    GuardedStream(Adapters adapters) {
        this.adapters = adapters;
    }

    /**
     * Streams an answer of one target, trying again where that is right. Nothing happens before subscription.
     *
     * <p>{@link Chunk.Started} may be seen again after a retry; deltas are never repeated. What each attempt asks, the observer's
     * {@link AttemptObserver#beginning} decides: the request, or the rest of its answer. Fails with a
     * {@link dev.sluice.gateway.generation.GatewayException}.
     */
    @Guarded
    @Retry(
            maxRetries = 2,
            delay = 1,
            delayUnit = ChronoUnit.SECONDS,
            maxDuration = 60,
            durationUnit = ChronoUnit.SECONDS)
    @ExponentialBackoff(factor = 2, maxDelay = 30, maxDelayUnit = ChronoUnit.SECONDS)
    @CircuitBreaker(requestVolumeThreshold = 5, failureRatio = 1, delay = 60, delayUnit = ChronoUnit.SECONDS)
    Multi<Chunk> open(Target target, ChatRequest request, AttemptObserver observer) {
        ModelProvider adapter = adapters.get(target.adapter());
        return Multi.createFrom().deferred(() -> {
            ChatRequest asked = observer.beginning()
                    .map(beginning -> adapter.continued(request, beginning))
                    .orElse(request);
            return adapter.stream(target.endpoint(), target.model(), asked);
        });
    }
}
