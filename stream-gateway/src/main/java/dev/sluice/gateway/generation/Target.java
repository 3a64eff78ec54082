package dev.sluice.gateway.generation;

import dev.sluice.provider.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Where a request can be sent: a provider and its own name for the model.
 *
 * @param adapter the wire protocol
 * @param endpoint the configured provider
 * @param model the provider's name of the model
 * @param breaker whose health this target shares; bounded by configuration, never by callers
 * @param listedBy the public name of the model whose settings it follows, null where it is listed by none
 * @param streams whether it is asked for a stream; otherwise for the whole answer at once
 */
public record Target(
        String adapter,
        Endpoint endpoint,
        String model,
        String breaker,
        @Nullable String listedBy,
        boolean streams) {

    /** A target that streams. */
    public Target(String adapter, Endpoint endpoint, String model, String breaker, @Nullable String listedBy) {
        this(adapter, endpoint, model, breaker, listedBy, true);
    }

    /** Returns the same target, asked for the whole answer at once. */
    public Target whole() {
        return new Target(adapter, endpoint, model, breaker, listedBy, false);
    }

    /** Returns the target as configuration writes it: {@code provider/model}. */
    @Override
    public String toString() {
        return endpoint.name() + "/" + model;
    }
}
