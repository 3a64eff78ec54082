package dev.sluice.gateway.pipeline;

import dev.sluice.gateway.generation.Milestone.AbortedBy;
import dev.sluice.gateway.log.ReaderListener;
import dev.sluice.gateway.time.Timers;
import io.vertx.core.Context;
import org.jspecify.annotations.Nullable;

/** Applies the disconnect policy of one generation. Readers come and go on any thread; decisions are made on the stream's. */
final class ReaderWatch implements ReaderListener {

    private final Context context;
    private final Timers timers;
    private final DisconnectPolicy policy;
    private @Nullable Generation generation;
    private Timers.@Nullable Alarm graceAlarm;
    private int readers;

    ReaderWatch(Context context, Timers timers, DisconnectPolicy policy) {
        this.context = context;
        this.timers = timers;
        this.policy = policy;
    }

    /** Names the generation to end. Before that nothing can be ended. */
    void watch(Generation running) {
        generation = running;
    }

    /** Lets go of a generation that has ended: its log, which knows this watch, is kept longer than its prompt may be. */
    void forget() {
        generation = null;
        cancelGrace();
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
        cancelGrace();
        if (readers <= 0 && generation != null) {
            switch (policy) {
                case DisconnectPolicy.Cancel _ -> abort();
                case DisconnectPolicy.Grace grace -> graceAlarm = timers.after(grace.unread(), this::abort);
                case DisconnectPolicy.Drain _ -> {}
            }
        }
    }

    private void cancelGrace() {
        Timers.Alarm alarm = graceAlarm;
        if (alarm != null) {
            alarm.cancel();
            graceAlarm = null;
        }
    }

    private void abort() {
        Generation running = generation;
        if (running != null) {
            var _ = running.abort(AbortedBy.DISCONNECT);
        }
    }
}
