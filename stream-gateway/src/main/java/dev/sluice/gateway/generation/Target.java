package dev.sluice.gateway.generation;

import dev.sluice.provider.Endpoint;

/**
 * Where a request can be sent: a provider and its own name for the model.
 *
 * @param adapter the wire protocol
 * @param endpoint the configured provider
 * @param model the provider's name of the model
 * @param breaker whose health this target shares; bounded by configuration, never by callers
 */
public record Target(String adapter, Endpoint endpoint, String model, String breaker) {

    /** Returns the target as configuration writes it: {@code provider/model}. */
    @Override
    public String toString() {
        return endpoint.name() + "/" + model;
    }
}
