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
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The clocks of one attempt: first chunk, and idle between chunks. One timer for each stream, set anew only when it fires, and
 * only then it is asked when the last delta came: a delta costs these clocks a field, and no look at the time.
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
     * @param lastDeltaNanos when the last delta came, of whichever attempt; has to know of a delta once that was passed on
     * @param onFirstChunk run when the first piece of the answer comes, before it is passed on
     */
    Multi<Chunk> limit(Multi<Chunk> upstream, StreamClocks limits, LongSupplier lastDeltaNanos, Runnable onFirstChunk) {
        return new Limited(upstream, limits, lastDeltaNanos, onFirstChunk);
    }

    private final class Limited extends AbstractMultiOperator<Chunk, Chunk> {

        private final StreamClocks limits;
        private final LongSupplier lastDeltaNanos;
        private final Runnable onFirstChunk;

        Limited(Multi<Chunk> upstream, StreamClocks limits, LongSupplier lastDeltaNanos, Runnable onFirstChunk) {
            super(upstream);
            this.limits = limits;
            this.lastDeltaNanos = lastDeltaNanos;
            this.onFirstChunk = onFirstChunk;
        }

        @Override
        public void subscribe(MultiSubscriber<? super Chunk> downstream) {
            upstream().subscribe().withSubscriber(new Clocks(downstream, limits, lastDeltaNanos, onFirstChunk));
        }
    }

    private final class Clocks extends MultiOperatorProcessor<Chunk, Chunk> {

        private final StreamClocks limits;
        private final LongSupplier lastDeltaNanos;
        private final Runnable onFirstChunk;
        private long sinceNanos;
        private long demand;
        private Phase waitingFor = Phase.FIRST_CHUNK;
        private Timers.@Nullable Alarm alarm;

        Clocks(
                MultiSubscriber<? super Chunk> downstream,
                StreamClocks limits,
                LongSupplier lastDeltaNanos,
                Runnable onFirstChunk) {
            super(downstream);
            this.limits = limits;
            this.lastDeltaNanos = lastDeltaNanos;
            this.onFirstChunk = onFirstChunk;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            sinceNanos = timers.nanoTime();
            alarm = timers.after(limits.firstChunk(), this::check);
            super.onSubscribe(subscription);
        }

        /** While nothing is wanted, a silent provider is no slow one: its clock starts anew. */
        @Override
        public void request(long count) {
            if (demand == 0) {
                sinceNanos = timers.nanoTime();
            }
            demand = Subscriptions.add(demand, count);
            super.request(count);
        }

        @Override
        public void onItem(Chunk chunk) {
            if (demand != Long.MAX_VALUE) {
                demand--;
            }
            switch (chunk) {
                case Chunk.TextDelta _, Chunk.ReasoningDelta _, Chunk.ToolCallDelta _ -> {
                    if (waitingFor == Phase.FIRST_CHUNK) {
                        heard();
                    }
                }
                // At most one of each comes, and nobody else keeps their time.
                case Chunk.UsageReported _, Chunk.Finished _ -> heard();
                // That the provider accepted is no piece of the answer yet: the first chunk's clock goes on.
                case Chunk.Started _ -> {}
            }
            super.onItem(chunk);
        }

        private void heard() {
            sinceNanos = timers.nanoTime();
            if (waitingFor == Phase.FIRST_CHUNK) {
                waitingFor = Phase.MID_STREAM;
                setAlarm(limits.idle());
                onFirstChunk.run();
            }
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
            Duration left = limit.minusNanos(silentNanos());
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

        /** A delta from before this clock began to run came of another attempt, or before a pause. */
        private long silentNanos() {
            long now = timers.nanoTime();
            return Math.min(now - sinceNanos, now - lastDeltaNanos.getAsLong());
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
