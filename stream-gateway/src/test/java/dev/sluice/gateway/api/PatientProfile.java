package dev.sluice.gateway.api;

import java.util.Map;

/**
 * A gateway as it comes, but quick to try again and to report, and never tired of a provider that fails on purpose. One of its
 * models has its answers changed.
 */
public class PatientProfile extends GatewayProfile {

    /** A model whose thinking is left out, and in whose answers the word gateway is not told. */
    public static final String DISCREET = "discreet";

    @Override
    protected void configure(Map<String, String> settings) {
        settings.put("sluice.providers.refused.base-url", "http://127.0.0.1:1/v1");
        settings.put("sluice.resilience.backoff.base", "10ms");
        settings.put("sluice.resilience.breaker.failures", "1000000");
        settings.put("sluice.telemetry.flush-interval", "500ms");
        settings.put("sluice.models.discreet.targets", "simulator/discreet");
        settings.put("sluice.models.discreet.transforms.drop", "reasoning");
        settings.put("sluice.models.discreet.transforms.redact-expressions.thing", "g[a-z]{4}ay");
        settings.put("sluice.models.discreet.transforms.max-length", "90");
    }
}
