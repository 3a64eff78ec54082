package dev.sluice.gateway.time;

import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Duration;

/** The real clock. */
@Singleton
final class VertxTimers implements Timers {

    private final Vertx vertx;

    VertxTimers(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Alarm after(Duration delay, Runnable action) {
        long millis = Math.max(1, Math.ceilDiv(delay.toNanos(), 1_000_000L));
        long id = vertx.setTimer(millis, _ -> action.run());
        return () -> vertx.cancelTimer(id);
    }
}
