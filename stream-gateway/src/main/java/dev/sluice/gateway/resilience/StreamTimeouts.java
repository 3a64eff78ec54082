package dev.sluice.gateway.resilience;

import dev.sluice.gateway.time.Timers;
import dev.sluice.provider.Phase;
import dev.sluice.provider.ProviderException;
import dev.sluice.provider.ProviderFailure;
import dev.sluice.stream.Chunk;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.helpers.Subscriptions;
import io.smallrye.mutiny.operators.multi.AbstractMultiOperator;
import io.smallrye.mutiny.operators.multi.MultiOperatorProcessor;
import io.smallrye.mutiny.subscription.MultiSubscriber;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * The clocks of one attempt: first chunk, and idle between chunks. One timer for each stream, set anew only when it fires, so
 * that a chunk costs no more than reading the clock.
 */
@Singleton
final class StreamTimeouts {

    private final Timers timers;

    StreamTimeouts(Timers timers) {
        this.timers = timers;
    }

    /**
     * Fails the stream with {@link ProviderFailure.TimedOut} and closes the upstream call when a clock runs out.
     *
     * @param onFirstChunk run when the first piece of the answer comes, before it is passed on
     */
    Multi<Chunk> limit(Multi<Chunk> upstream, StreamClocks limits, Runnable onFirstChunk) {
        return new Limited(upstream, limits, onFirstChunk);
    }

    private final class Limited extends AbstractMultiOperator<Chunk, Chunk> {

        private final StreamClocks limits;
        private final Runnable onFirstChunk;

        Limited(Multi<Chunk> upstream, StreamClocks limits, Runnable onFirstChunk) {
            super(upstream);
            this.limits = limits;
            this.onFirstChunk = onFirstChunk;
        }

        @Override
        public void subscribe(MultiSubscriber<? super Chunk> downstream) {
            upstream().subscribe().withSubscriber(new Clocks(downstream, limits, onFirstChunk));
        }
    }

    private final class Clocks extends MultiOperatorProcessor<Chunk, Chunk> {

        private final StreamClocks limits;
        private final Runnable onFirstChunk;
        private long lastNanos;
        private long demand;
        private Phase waitingFor = Phase.FIRST_CHUNK;
        private Timers.@Nullable Alarm alarm;

        Clocks(MultiSubscriber<? super Chunk> downstream, StreamClocks limits, Runnable onFirstChunk) {
            super(downstream);
            this.limits = limits;
            this.onFirstChunk = onFirstChunk;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            lastNanos = timers.nanoTime();
            alarm = timers.after(limits.firstChunk(), this::check);
            super.onSubscribe(subscription);
        }

        /** While nothing is wanted, a silent provider is no slow one: its clock starts anew. */
        @Override
        public void request(long count) {
            if (demand == 0) {
                lastNanos = timers.nanoTime();
            }
            demand = Subscriptions.add(demand, count);
            super.request(count);
        }

        @Override
        public void onItem(Chunk chunk) {
            if (demand != Long.MAX_VALUE) {
                demand--;
            }
            // That the provider accepted is no piece of the answer yet: the first chunk's clock goes on.
            if (!(chunk instanceof Chunk.Started)) {
                lastNanos = timers.nanoTime();
                if (waitingFor == Phase.FIRST_CHUNK) {
                    waitingFor = Phase.MID_STREAM;
                    setAlarm(limits.idle());
                    onFirstChunk.run();
                }
            }
            super.onItem(chunk);
        }

        @Override
        public void onFailure(Throwable failure) {
            stop();
            super.onFailure(failure);
        }

        @Override
        public void onCompletion() {
            stop();
            super.onCompletion();
        }

        @Override
        public void cancel() {
            stop();
            super.cancel();
        }

        private void check() {
            Duration limit = waitingFor == Phase.FIRST_CHUNK ? limits.firstChunk() : limits.idle();
            Duration left = limit.minusNanos(timers.nanoTime() - lastNanos);
            if (left.isPositive()) {
                setAlarm(left);
            } else if (demand == 0) {
                setAlarm(limit);
            } else if (!isDone()) {
                super.cancel();
                downstream.onFailure(new ProviderException(new ProviderFailure.TimedOut(
                        waitingFor, limit, "The provider was silent for " + seconds(limit) + " s.")));
            }
        }

        private static String seconds(Duration limit) {
            return BigDecimal.valueOf(limit.toMillis(), 3).stripTrailingZeros().toPlainString();
        }

        private void setAlarm(Duration delay) {
            stop();
            alarm = timers.after(delay, this::check);
        }

        private void stop() {
            Timers.Alarm set = alarm;
            if (set != null) {
                set.cancel();
                alarm = null;
            }
        }
    }
}
