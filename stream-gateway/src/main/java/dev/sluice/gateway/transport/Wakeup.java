package dev.sluice.gateway.transport;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Brings news of a log to a reader's own thread. News that come while the reader has not yet looked count once: so all that
 * one read of the upstream socket brings becomes one write to the client.
 */
public final class Wakeup implements Runnable {

    private final Context context;
    private final Runnable reader;
    private final AtomicBoolean scheduled = new AtomicBoolean();

    private Wakeup(Context context, Runnable reader) {
        this.context = context;
        this.reader = reader;
    }

    /** Makes one for a reader that lives on the current Vert.x context. */
    public static Wakeup here(Runnable reader) {
        Context here = Vertx.currentContext();
        if (here == null) {
            throw new IllegalStateException("not on a Vert.x context");
        }
        return new Wakeup(here, reader);
    }

    @Override
    public void run() {
        if (scheduled.compareAndSet(false, true)) {
            context.runOnContext(_ -> {
                scheduled.set(false);
                reader.run();
            });
        }
    }
}
