package dev.sluice.provider;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A configured provider.
 *
 * @param name the provider's name in the configuration, unique
 * @param baseUrl as the provider's own SDK takes it, without a slash at its end; for OpenAI with {@code /v1}
 * @param apiKey sent as the protocol demands, null where the provider wants none
 * @param headers sent with every request, over the adapter's own
 * @param connectTimeout how long connecting may take, TLS included
 */
public record Endpoint(
        String name, URI baseUrl, @Nullable Secret apiKey, Map<String, String> headers, Duration connectTimeout) {

    public Endpoint {
        headers = Map.copyOf(headers);
    }

    /** Leaves out the headers, which may hold credentials. */
    @Override
    public String toString() {
        return "Endpoint[" + name + " at " + baseUrl + "]";
    }
}
