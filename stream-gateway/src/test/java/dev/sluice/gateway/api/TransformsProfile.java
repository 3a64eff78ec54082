package dev.sluice.gateway.api;

import java.util.HashMap;
import java.util.Map;

/** A gateway one of whose models has its answers changed. */
public final class TransformsProfile extends PatientProfile {

    /** A model whose thinking is left out, and in whose answers the word gateway is not told. */
    public static final String DISCREET = "discreet";

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> overrides = new HashMap<>(super.getConfigOverrides());
        overrides.put("sluice.models.discreet.targets", "simulator/discreet");
        overrides.put("sluice.models.discreet.transforms.drop", "reasoning");
        overrides.put("sluice.models.discreet.transforms.redact-expressions.thing", "g[a-z]{4}ay");
        overrides.put("sluice.models.discreet.transforms.max-length", "90");
        return overrides;
    }
}
