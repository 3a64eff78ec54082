package dev.sluice.gateway.api;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;

/** A gateway that knows its callers, with low limits and short clocks. */
public class StrictProfile implements QuarkusTestProfile {

    public static final String ALICE = "Authorization: Bearer sk-alice-canary-key";
    public static final String BOB = "Authorization: Bearer sk-bob-canary-key";

    /** An admin. */
    public static final String ROOT = "Authorization: Bearer sk-root-canary-key";

    private static final String SENDER = "quarkus.fault-tolerance.\"dev.sluice.gateway.telemetry.BatchSender/send\".";

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.ofEntries(
                Map.entry("quarkus.http.test-port", "0"),
                Map.entry("sluice.callers.alice.api-key", "sk-alice-canary-key"),
                Map.entry("sluice.callers.bob.api-key", "sk-bob-canary-key"),
                Map.entry("sluice.callers.root.api-key", "sk-root-canary-key"),
                Map.entry("sluice.callers.root.role", "admin"),
                Map.entry("sluice.admission.max-streams", "2"),
                Map.entry("sluice.admission.queue.size", "0"),
                Map.entry("sluice.resilience.backoff.base", "10ms"),
                Map.entry("sluice.resilience.breaker.pause", "300ms"),
                Map.entry("sluice.streams.heartbeat", "200ms"),
                Map.entry("sluice.streams.client-write", "400ms"),
                Map.entry("sluice.streams.grace", "300ms"),
                Map.entry("sluice.streams.websocket.allowed-origins", "https://chat.example,https://b.example"),
                Map.entry("sluice.streams.websocket.compression", "true"),
                Map.entry("sluice.telemetry.flush-interval", "200ms"),
                Map.entry(SENDER + "retry.delay", "50"),
                Map.entry(SENDER + "retry.jitter", "10"),
                Map.entry(SENDER + "circuit-breaker.delay", "200"),
                Map.entry(SENDER + "timeout.value", "300"));
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(Doubles.class));
    }
}
