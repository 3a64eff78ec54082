package dev.sluice.gateway.admission;

import dev.sluice.gateway.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The right to run one stream, or a place in the queue for it. Has to be given back by {@link #close} or {@link #end}, of which
 * the first call alone counts. Thread-safe.
 */
public final class Permit implements AutoCloseable {

    private final AdmissionGate gate;
    private final Account account;
    private final long reservedTokens;
    private final Promise<Void> turn = Promise.promise();
    private Timers.@Nullable Alarm deadline;
    private State state = State.RUNNING;

    /** Where it is; guarded by the gate. */
    enum State {
        WAITING,
        RUNNING,
        GONE
    }

    Permit(AdmissionGate gate, Account account, long reservedTokens) {
        this.gate = gate;
        this.account = account;
        this.reservedTokens = reservedTokens;
    }

    /**
     * Completed when the stream may run; for most permits it is from the start. Fails with a
     * {@link dev.sluice.gateway.generation.GatewayException} where no place became free in time. Calls back on any thread,
     * which must go on at once, and never calls back once the permit was given back while it waited.
     */
    public Future<Void> turn() {
        return turn.future();
    }

    /** Gives the permit back, or leaves the queue, as if it had never been asked for. */
    @Override
    public void close() {
        gate.leave(this, true, () -> 0);
    }

    /**
     * Gives the permit of a stream that has run back, or leaves the queue.
     *
     * @param usedTokens tells what the stream has cost; is asked only where its caller's tokens are limited
     */
    public void end(LongSupplier usedTokens) {
        gate.leave(this, false, usedTokens);
    }

    Account account() {
        return account;
    }

    long reservedTokens() {
        return reservedTokens;
    }

    State state() {
        return state;
    }

    void waits(Timers.Alarm until) {
        state = State.WAITING;
        deadline = until;
    }

    void runs() {
        state = State.RUNNING;
        stopWaiting();
    }

    void gone() {
        state = State.GONE;
        stopWaiting();
    }

    Promise<Void> promise() {
        return turn;
    }

    private void stopWaiting() {
        Timers.Alarm alarm = deadline;
        if (alarm != null) {
            alarm.cancel();
            deadline = null;
        }
    }
}
