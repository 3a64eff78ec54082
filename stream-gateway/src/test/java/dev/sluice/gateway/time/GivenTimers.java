package dev.sluice.gateway.time;

import io.vertx.core.Vertx;

/** The real clock, for tests outside of the container. */
public final class GivenTimers {

    private GivenTimers() {}

    /** Returns the clock of a Vert.x. */
    public static Timers of(Vertx vertx) {
        return new VertxTimers(vertx);
    }
}
