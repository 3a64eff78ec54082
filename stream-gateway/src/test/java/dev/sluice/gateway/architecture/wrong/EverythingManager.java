package dev.sluice.gateway.architecture.wrong;

import dev.sluice.gateway.architecture.wrong.ring.Back;
import dev.sluice.provider.http.SseParser;
import io.smallrye.faulttolerance.api.ExponentialBackoff;
import io.smallrye.mutiny.Multi;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxBuilder;
import jakarta.inject.Inject;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.jspecify.annotations.Nullable;

/** Breaks every rule at once. */
public class EverythingManager {

    @Inject
    @Nullable
    Vertx vertx;

    /** Closes a cycle. */
    @Nullable
    Back back() {
        return null;
    }

    /** Looks behind the port. */
    Class<?> parser() {
        return SseParser.class;
    }

    /** Looks behind Vert.x. */
    Class<?> internals() {
        return VertxBuilder.class;
    }

    /** Believes that this would be retried. */
    @Retry
    @ExponentialBackoff
    Multi<String> retried() {
        return Multi.createFrom().empty();
    }

    /** Believes that every method would be timed. */
    @Timeout
    static class Timed {

        Multi<String> timed() {
            return Multi.createFrom().empty();
        }
    }
}
