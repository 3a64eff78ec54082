package dev.sluice.provider.simulator;

import dev.sluice.provider.ProviderException;
import dev.sluice.stream.Chunk;
import io.smallrye.mutiny.helpers.Subscriptions;
import io.smallrye.mutiny.operators.AbstractMulti;
import io.smallrye.mutiny.subscription.MultiSubscriber;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;

/** Plays a simulated answer to each subscriber, on the subscriber's Vert.x context. */
final class SimulatedStream extends AbstractMulti<Chunk> {

    private final Vertx vertx;
    private final SimulatedAnswer answer;

    SimulatedStream(Vertx vertx, SimulatedAnswer answer) {
        this.vertx = vertx;
        this.answer = answer;
    }

    @Override
    public void subscribe(MultiSubscriber<? super Chunk> subscriber) {
        Player player = new Player(vertx, answer, subscriber);
        subscriber.onSubscribe(player);
        player.schedule();
    }

    /** One subscription. Everything but demand and cancellation belongs to the context. */
    private static final class Player implements Flow.Subscription {

        /** After so many chunks in one go, others on the event loop get their turn. */
        private static final int BATCH = 256;

        private static final long NO_TIMER = -1;

        private final Vertx vertx;
        private final Context context;
        private final SimulatedAnswer answer;
        private final MultiSubscriber<? super Chunk> subscriber;
        private final AtomicLong demand = new AtomicLong();
        private volatile boolean over;
        private int position;
        private boolean due;
        private boolean playing;
        private long timer = NO_TIMER;

        Player(Vertx vertx, SimulatedAnswer answer, MultiSubscriber<? super Chunk> subscriber) {
            this.vertx = vertx;
            this.context = vertx.getOrCreateContext();
            this.answer = answer;
            this.subscriber = subscriber;
        }

        void schedule() {
            context.runOnContext(_ -> play());
        }

        @Override
        public void request(long n) {
            if (n <= 0) {
                cancel();
                subscriber.onFailure(Subscriptions.getInvalidRequestException());
                return;
            }
            Subscriptions.add(demand, n);
            if (Vertx.currentContext() == context && position > 0) {
                play();
            } else {
                schedule();
            }
        }

        @Override
        public void cancel() {
            over = true;
            if (Vertx.currentContext() == context) {
                stopTimer();
            } else {
                context.runOnContext(_ -> stopTimer());
            }
        }

        private void play() {
            if (playing || timer != NO_TIMER) {
                return;
            }
            playing = true;
            int left = BATCH;
            while (left > 0 && !over && advance()) {
                left--;
            }
            playing = false;
            if (left == 0) {
                schedule();
            }
        }

        /** Takes one step where time and demand allow it, and tells whether it did. */
        private boolean advance() {
            if (!due && !becomeDue()) {
                return false;
            }
            return switch (answer.step(position)) {
                case Step.Emit emit -> emit(emit.chunk());
                case Step.Fail fail -> {
                    over = true;
                    subscriber.onFailure(new ProviderException(fail.failure()));
                    yield false;
                }
                case Step.Silence _ -> false;
                case Step.End _ -> {
                    over = true;
                    subscriber.onCompletion();
                    yield false;
                }
            };
        }

        private boolean emit(Chunk chunk) {
            if (demand.get() == 0) {
                return false;
            }
            Subscriptions.produced(demand, 1);
            position++;
            due = false;
            subscriber.onItem(chunk);
            return true;
        }

        private boolean becomeDue() {
            long delayMs = answer.delayMs(position);
            if (delayMs == 0) {
                due = true;
                return true;
            }
            timer = vertx.setTimer(delayMs, _ -> {
                timer = NO_TIMER;
                due = true;
                play();
            });
            return false;
        }

        private void stopTimer() {
            if (timer != NO_TIMER) {
                vertx.cancelTimer(timer);
                timer = NO_TIMER;
            }
        }
    }
}
