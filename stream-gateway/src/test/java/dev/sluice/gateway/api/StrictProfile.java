package dev.sluice.gateway.api;

import java.util.Map;

/** A gateway that knows its callers, with low limits and short clocks. */
public class StrictProfile extends GatewayProfile {

    public static final String ALICE = "Authorization: Bearer sk-alice-canary-key";
    public static final String BOB = "Authorization: Bearer sk-bob-canary-key";

    /** An admin. */
    public static final String ROOT = "Authorization: Bearer sk-root-canary-key";

    private static final String SENDER = "quarkus.fault-tolerance.\"dev.sluice.gateway.telemetry.BatchSender/send\".";

    @Override
    protected void configure(Map<String, String> settings) {
        settings.put("sluice.callers.alice.api-key", "sk-alice-canary-key");
        settings.put("sluice.callers.bob.api-key", "sk-bob-canary-key");
        settings.put("sluice.callers.root.api-key", "sk-root-canary-key");
        settings.put("sluice.callers.root.role", "admin");
        settings.put("sluice.admission.max-streams", "2");
        settings.put("sluice.admission.queue.size", "0");
        settings.put("sluice.resilience.backoff.base", "10ms");
        settings.put("sluice.resilience.breaker.pause", "300ms");
        settings.put("sluice.streams.heartbeat", "200ms");
        settings.put("sluice.streams.client-write", "400ms");
        settings.put("sluice.streams.grace", "300ms");
        settings.put("sluice.streams.websocket.allowed-origins", "https://chat.example,https://b.example");
        settings.put("sluice.streams.websocket.compression", "true");
        settings.put("sluice.telemetry.flush-interval", "200ms");
        settings.put(SENDER + "retry.delay", "50");
        settings.put(SENDER + "retry.jitter", "10");
        settings.put(SENDER + "circuit-breaker.delay", "200");
        settings.put(SENDER + "timeout.value", "1000");
    }
}
