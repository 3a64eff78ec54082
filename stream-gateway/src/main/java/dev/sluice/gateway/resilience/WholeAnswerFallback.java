package dev.sluice.gateway.resilience;

import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.generation.Target;
import dev.sluice.provider.ChatRequest;
import dev.sluice.provider.Phase;
import dev.sluice.stream.Chunk;
import io.smallrye.mutiny.Multi;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Asks a target once for the whole answer where its streams are spent on what may be the fault of streaming alone: they were
 * malformed, ended or broke before their first delta, or the model refuses to stream. Never after the commit point.
 */
@Singleton
final class WholeAnswerFallback {

    private final GuardedStream guarded;
    private final boolean enabled;

    WholeAnswerFallback(GuardedStream guarded, ResilienceConfig config) {
        this.guarded = guarded;
        this.enabled = config.resilience().wholeAnswerFallback();
    }

    /**
     * Returns the answer of one target, streamed or else whole. What it says of chunks and failures,
     * {@link GuardedStream#open} says.
     */
    Multi<Chunk> open(Target target, ChatRequest request, AttemptObserver observer) {
        Multi<Chunk> answer = guarded.open(target, request, observer);
        if (!target.streams() || !enabled) {
            return answer;
        }
        return answer.onFailure(failure -> !observer.committed() && isTheStreams(failure))
                .recoverWithMulti(failure -> guarded.openOnce(target.whole(), request, observer)
                        .onFailure(GatewayException.class)
                        .transform(last -> toTell(failure, (GatewayException) last, observer)));
    }

    private static boolean isTheStreams(Throwable failure) {
        if (!(failure instanceof GatewayException exception)) {
            return false;
        }
        GatewayError error = exception.error();
        ErrorCode met = error.lastCause() == null ? error.code() : error.lastCause();
        return switch (met) {
            case PARSE -> true;
            // Once the head has come, somebody is there who may do better without a stream.
            case NETWORK -> error.phase() == Phase.FIRST_CHUNK || error.phase() == Phase.MID_STREAM;
            case PROVIDER_REJECTED -> isOfStreaming(error.param());
            // A whole call would be refused as well, or be waited for even longer.
            default -> false;
        };
    }

    /** Callers cannot send these fields: they are ours, and only a stream has them. */
    private static boolean isOfStreaming(@Nullable String param) {
        return param != null && (param.equals("stream") || param.startsWith("stream_options"));
    }

    /** A call that the breaker did not let through says nothing new. */
    private static Throwable toTell(Throwable ofTheStream, GatewayException last, AttemptObserver observer) {
        GatewayError error = last.error();
        if (error.code() == ErrorCode.CIRCUIT_OPEN) {
            return ofTheStream;
        }
        return error.retryable() && !observer.committed()
                ? new GatewayException(error.asRetriesExceeded(observer.attempts()))
                : last;
    }
}
