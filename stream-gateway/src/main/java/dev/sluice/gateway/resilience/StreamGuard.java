package dev.sluice.gateway.resilience;

import dev.sluice.gateway.chance.Randomness;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.time.Timers;
import dev.sluice.provider.Phase;
import dev.sluice.provider.ProviderException;
import dev.sluice.provider.ProviderFailure;
import dev.sluice.stream.Chunk;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** Makes attempts out of one upstream call: each passes the breaker, has its clocks, and may be followed by another. */
@Singleton
final class StreamGuard {

    /** The clock of the first chunk ends a probe before its lease does. */
    private static final Duration LEASE_MARGIN = Duration.ofSeconds(5);

    private final Timers timers;
    private final StreamTimeouts timeouts;
    private final DoubleSupplier random;

    StreamGuard(Timers timers, StreamTimeouts timeouts, Randomness randomness) {
        this.timers = timers;
        this.timeouts = timeouts;
        this.random = randomness::next;
    }

    Multi<Chunk> guard(Multi<Chunk> upstream, GuardedCall call) {
        return Multi.createFrom().deferred(() -> new Attempts(upstream, call, timers.nanoTime()).next(null));
    }

    /** The attempts of one subscription, one after another on one thread. */
    private final class Attempts {

        private final Multi<Chunk> upstream;
        private final GuardedCall call;
        private long startedNanos;
        private int made;

        Attempts(Multi<Chunk> upstream, GuardedCall call, long startedNanos) {
            this.upstream = upstream;
            this.call = call;
            this.startedNanos = startedNanos;
        }

        Multi<Chunk> next(@Nullable GatewayError before) {
            Duration lease = call.settings().clocks().firstChunk().plus(LEASE_MARGIN);
            return switch (call.breaker().enter(timers.nanoTime(), lease)) {
                case Breaker.Entry.Passed passed -> attempt(passed.ticket());
                case Breaker.Entry.Blocked blocked ->
                    failed(before == null ? circuitOpen(blocked.untilProbe()) : spent(before));
            };
        }

        private Multi<Chunk> attempt(long ticket) {
            made++;
            call.observer().attemptStarted(call.target());
            return timeouts.limit(
                            upstream,
                            call.settings().clocks(),
                            call.observer()::lastDeltaNanos,
                            () -> call.breaker().firstChunk(ticket))
                    .onCompletion()
                    .invoke(() -> settle(ticket, Breaker.Outcome.SUCCESS))
                    .onCancellation()
                    .invoke(() -> settle(ticket, cancelled()))
                    .onFailure()
                    .recoverWithMulti(failure -> afterFailure(ticket, failure));
        }

        private Multi<Chunk> afterFailure(long ticket, Throwable thrown) {
            if (!(thrown instanceof ProviderException exception)) {
                settle(ticket, Breaker.Outcome.NEUTRAL);
                return Multi.createFrom().failure(thrown);
            }
            ProviderFailure failure = exception.failure();
            Breaker.Outcome outcome = outcome(failure);
            settle(ticket, outcome);
            boolean committed = call.observer().committed();
            GatewayError error = GatewayError.of(failure, committed ? Phase.MID_STREAM : Phase.HEAD);
            boolean goesOn = committed
                    && outcome == Breaker.Outcome.FAILURE
                    && call.observer().interrupted(error);
            if (goesOn) {
                // The call that broke off is the first attempt at the rest.
                made = 1;
                startedNanos = timers.nanoTime();
            }
            boolean again = (goesOn || (!committed && failure.retryable()))
                    && call.breaker().state() instanceof BreakerState.Closed;
            Optional<Duration> delay = !again
                    ? Optional.empty()
                    : call.settings().retry().nextDelay(made, elapsed(), failure.retryAfter(), random);
            call.observer().attemptFailed(call.target(), error, status(failure), delay.orElse(null));
            if (delay.isPresent()) {
                return after(delay.get()).onItem().transformToMulti(_ -> next(error));
            }
            GatewayError told = committed || !failure.retryable() ? error : spent(error);
            return Multi.createFrom().failure(new GatewayException(told, exception));
        }

        /** A target that had given all that was wanted of it did well; another may have been about to. */
        private Breaker.Outcome cancelled() {
            return call.observer().satisfied() ? Breaker.Outcome.SUCCESS : Breaker.Outcome.NEUTRAL;
        }

        private GatewayError spent(GatewayError last) {
            return made > 1 ? last.asRetriesExceeded(made) : last;
        }

        private Duration elapsed() {
            return Duration.ofNanos(timers.nanoTime() - startedNanos);
        }

        private void settle(long ticket, Breaker.Outcome outcome) {
            call.breaker().settle(ticket, outcome, timers.nanoTime());
        }
    }

    private Uni<Boolean> after(Duration delay) {
        return Uni.createFrom().emitter(emitter -> {
            Timers.Alarm alarm = timers.after(delay, () -> emitter.complete(true));
            emitter.onTermination(alarm::cancel);
        });
    }

    private static Multi<Chunk> failed(GatewayError error) {
        return Multi.createFrom().failure(new GatewayException(error));
    }

    /** What to answer where nobody may be called before so long. */
    static GatewayError circuitOpen(Duration wait) {
        return GatewayError.of(
                        ErrorCode.CIRCUIT_OPEN, "The model's provider failed too often and is left alone for a while.")
                .withRetryAfter(wait);
    }

    /**
     * Rate limits count, since the breaker is there to protect from them, and so does an answer that breaks the protocol or breaks
     * off. Refusals of a request, of our key or of our account are no sign of illness, and neither is our own want of memory.
     */
    private static Breaker.Outcome outcome(ProviderFailure failure) {
        return switch (failure) {
            case ProviderFailure.Network _,
                    ProviderFailure.RateLimited _,
                    ProviderFailure.Server _,
                    ProviderFailure.Malformed _,
                    ProviderFailure.TimedOut _ -> Breaker.Outcome.FAILURE;
            case ProviderFailure.QuotaExhausted _,
                    ProviderFailure.Rejected _,
                    ProviderFailure.Unauthorized _,
                    ProviderFailure.ShortOfMemory _ -> Breaker.Outcome.NEUTRAL;
        };
    }

    private static int status(ProviderFailure failure) {
        return switch (failure) {
            case ProviderFailure.RateLimited _, ProviderFailure.QuotaExhausted _ -> 429;
            case ProviderFailure.Server server -> server.status();
            case ProviderFailure.Rejected rejected -> rejected.status();
            case ProviderFailure.Unauthorized unauthorized -> unauthorized.status();
            case ProviderFailure.Network _,
                    ProviderFailure.Malformed _,
                    ProviderFailure.TimedOut _,
                    ProviderFailure.ShortOfMemory _ -> 0;
        };
    }
}
