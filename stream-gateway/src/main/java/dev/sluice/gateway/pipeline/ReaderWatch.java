package dev.sluice.gateway.pipeline;

import dev.sluice.gateway.generation.Milestone.AbortedBy;
import dev.sluice.gateway.log.ReaderListener;
import dev.sluice.gateway.time.Timers;
import io.vertx.core.Context;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends one generation when nobody reads it: by its disconnect policy once a reader has been there and left, and by the idle
 * clock whether or not one ever came. Readers come and go on any thread; decisions are made on the stream's.
 */
final class ReaderWatch implements ReaderListener {

    private static final Duration FOR_EVER = ChronoUnit.FOREVER.getDuration();

    /** Whoever polls comes back within this time; longer, nobody who has gone holds up a queue. */
    private static final Duration BETWEEN_POLLS = Duration.ofSeconds(1);

    private final Context context;
    private final Timers timers;
    private final DisconnectPolicy policy;
    private final Duration idle;
    private @Nullable Generation generation;
    private Timers.@Nullable Alarm alarm;
    private boolean left;
    private long unreadSinceNanos;
    private int readers;

    /**
     * @param policy what happens when the last reader has gone
     * @param idle how long the generation may stand still while nobody reads
     */
    ReaderWatch(Context context, Timers timers, DisconnectPolicy policy, Duration idle) {
        this.context = context;
        this.timers = timers;
        this.policy = policy;
        this.idle = idle;
    }

    /** Names the generation to end. Before that nothing can be ended. On the stream's context. */
    void watch(Generation running) {
        generation = running;
        unreadSinceNanos = timers.nanoTime();
        // Most streams have a reader by then, and need no clock.
        context.runOnContext(_ -> {
            if (!running.read() && alarm == null) {
                check();
            }
        });
    }

    /** Lets go of a generation that has ended: its log, which knows this watch, is kept longer than its prompt may be. */
    void forget() {
        generation = null;
        stopAlarm();
    }

    @Override
    public void firstReaderCame() {
        context.runOnContext(_ -> changed(1));
    }

    @Override
    public void lastReaderLeft() {
        context.runOnContext(_ -> changed(-1));
    }

    @Override
    public void roomAgain() {
        context.runOnContext(_ -> {
            Generation running = generation;
            if (running != null) {
                running.roomAgain();
            }
        });
    }

    /** Counts rather than remembers, since two threads' news may arrive in either order. */
    private void changed(int by) {
        readers += by;
        stopAlarm();
        Generation running = generation;
        if (running == null) {
            return;
        }
        running.limitTokens(Long.MAX_VALUE);
        if (readers <= 0) {
            unreadSinceNanos = timers.nanoTime();
            left = true;
            if (policy instanceof DisconnectPolicy.Drain drain) {
                running.limitTokens(drain.tokens());
            }
            check();
        }
    }

    /** Asked whenever it is looked, since a generation that leaves the queue is then waited for as long as any other. */
    private Duration patience(Generation running) {
        if (!left) {
            return FOR_EVER;
        }
        return switch (policy) {
            case DisconnectPolicy.Cancel _ -> Duration.ZERO;
            // There is little yet to come back to, and others wait for the place.
            case DisconnectPolicy.Grace grace ->
                running.queued() && grace.unread().compareTo(BETWEEN_POLLS) > 0 ? BETWEEN_POLLS : grace.unread();
            case DisconnectPolicy.Drain drain -> drain.unread();
        };
    }

    private void check() {
        alarm = null;
        Generation running = generation;
        if (running == null) {
            return;
        }
        long now = timers.nanoTime();
        long unread = now - unreadSinceNanos;
        Duration patienceLeft = patience(running).minusNanos(unread);
        Duration idleLeft = idle.minusNanos(Math.min(unread, now - running.lastEventNanos()));
        if (!patienceLeft.isPositive()) {
            abort(running, AbortedBy.DISCONNECT);
        } else if (!idleLeft.isPositive()) {
            abort(running, AbortedBy.IDLE);
        } else {
            alarm = timers.after(idleLeft.compareTo(patienceLeft) < 0 ? idleLeft : patienceLeft, this::check);
        }
    }

    private static void abort(Generation running, AbortedBy by) {
        var _ = running.abort(by);
    }

    private void stopAlarm() {
        Timers.Alarm set = alarm;
        if (set != null) {
            set.cancel();
            alarm = null;
        }
    }
}
