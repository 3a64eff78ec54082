package dev.sluice.gateway.testing;

import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.generation.GenerationInfo;
import dev.sluice.gateway.generation.StreamId;
import dev.sluice.gateway.generation.StreamKey;
import dev.sluice.gateway.generation.Target;
import dev.sluice.provider.Endpoint;
import dev.sluice.provider.Phase;
import dev.sluice.provider.ProviderFailure;
import dev.sluice.provider.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** One of each thing that many tests need. */
public final class Examples {

    private Examples() {}

    /** Returns a generation whose stream has this name. */
    public static GenerationInfo generation(String id) {
        return new GenerationInfo(
                new StreamKey(Caller.ANONYMOUS, new StreamId(id)),
                "demo",
                "/v1/streams",
                true,
                null,
                Instant.parse("2026-11-21T10:00:00Z"));
    }

    /** Returns a target of the simulated protocol with a breaker of its own. */
    public static Target target(String provider) {
        Endpoint endpoint = new Endpoint(
                provider,
                URI.create("https://" + provider + ".example/v1"),
                new Secret("key-of-" + provider),
                Map.of("x-internal", "header-of-" + provider),
                Duration.ofSeconds(10));
        return new Target("scripted", endpoint, "small-model", provider + "/small-model", null);
    }

    /** Returns a failure of every kind. */
    public static List<ProviderFailure> failures() {
        return List.of(
                new ProviderFailure.Network(Phase.CONNECT, "No connection."),
                new ProviderFailure.RateLimited(null, "Too fast."),
                new ProviderFailure.QuotaExhausted("The account is empty."),
                new ProviderFailure.Server(503, null, "Overloaded."),
                new ProviderFailure.Malformed("Not the protocol."),
                new ProviderFailure.Rejected(400, "bad_field", "top_p", "A bad field."),
                new ProviderFailure.Rejected(402, null, null, "Not for you."),
                new ProviderFailure.Unauthorized(401, "A wrong key."),
                new ProviderFailure.TimedOut(Phase.FIRST_CHUNK, Duration.ofMinutes(2), "Silent."),
                new ProviderFailure.ShortOfMemory("Too much at once."));
    }
}
