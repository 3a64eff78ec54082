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

/**
 * Asks one target for its answer, as a stream or whole, as the target wants it. The annotations are the defaults of retry and
 * breaker; configuration overrides them, but not where they forbid a retry. The jitter is that of the first wait and grows with it.
 */
@ApplicationScoped
class GuardedStream {

    private static final int FAILURES = 5;
    private static final int PAUSE_S = 60;

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
            jitter = 300,
            jitterDelayUnit = ChronoUnit.MILLIS,
            maxDuration = 60,
            durationUnit = ChronoUnit.SECONDS)
    @ExponentialBackoff(factor = 2, maxDelay = 30, maxDelayUnit = ChronoUnit.SECONDS)
    @CircuitBreaker(
            requestVolumeThreshold = FAILURES,
            failureRatio = 1,
            delay = PAUSE_S,
            delayUnit = ChronoUnit.SECONDS)
    Multi<Chunk> open(Target target, ChatRequest request, AttemptObserver observer) {
        return ask(target, request, observer);
    }

    /** The same with a single attempt, whose failure is final. */
    @Guarded
    @Retry(maxRetries = 0)
    @CircuitBreaker(
            requestVolumeThreshold = FAILURES,
            failureRatio = 1,
            delay = PAUSE_S,
            delayUnit = ChronoUnit.SECONDS)
    Multi<Chunk> openOnce(Target target, ChatRequest request, AttemptObserver observer) {
        return ask(target, request, observer);
    }

    /** What is asked depends on what has come when it is asked. */
    private Multi<Chunk> ask(Target target, ChatRequest request, AttemptObserver observer) {
        ModelProvider adapter = adapters.get(target.adapter());
        return Multi.createFrom().deferred(() -> {
            ChatRequest asked = observer.beginning()
                    .map(beginning -> adapter.continued(request, beginning))
                    .orElse(request);
            return target.streams()
                    ? adapter.stream(target.endpoint(), target.model(), asked)
                    : adapter.whole(target.endpoint(), target.model(), asked);
        });
    }
}
