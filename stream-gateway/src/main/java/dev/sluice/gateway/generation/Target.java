package dev.sluice.gateway.generation;

import dev.sluice.provider.Endpoint;

/**
 * Where a request can be sent: a provider and its own name for the model.
 *
 * @param adapter the wire protocol
 * @param endpoint the configured provider
 * @param model the provider's name of the model
 * @param breaker whose health this target shares; bounded by configuration, never by callers
 * @param streams whether it is asked for a stream; otherwise for the whole answer at once
 */
public record Target(String adapter, Endpoint endpoint, String model, String breaker, boolean streams) {

    /** A target that streams. */
    public Target(String adapter, Endpoint endpoint, String model, String breaker) {
        this(adapter, endpoint, model, breaker, true);
    }

    /** Returns the same target, asked for the whole answer at once. */
    public Target whole() {
        return new Target(adapter, endpoint, model, breaker, false);
    }

    /** Returns the target as configuration writes it: {@code provider/model}. */
    @Override
    public String toString() {
        return endpoint.name() + "/" + model;
    }
}
