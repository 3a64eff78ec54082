package dev.sluice.gateway.api;

import java.util.HashMap;
import java.util.Map;

/** A gateway that leaves a target alone after its first failure, for a moment. */
public final class RoutingProfile extends PatientProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> overrides = new HashMap<>(super.getConfigOverrides());
        overrides.put("sluice.resilience.attempts", "1");
        overrides.put("sluice.resilience.breaker.failures", "1");
        overrides.put("sluice.resilience.breaker.pause", "3s");
        overrides.put("sluice.chat.sticky", "true");
        overrides.put("sluice.models.shared.targets", "upstream/left*1,upstream/right*1");
        overrides.put("sluice.models.lonely.targets", "upstream/lonely");
        overrides.put("sluice.models.lonely.fallbacks", "upstream/forsaken");
        overrides.put("sluice.models.careful.targets", "upstream/dying");
        overrides.put("sluice.models.careful.fallbacks", "upstream/standby");
        overrides.put("sluice.models.small.targets", "upstream/small");
        overrides.put("sluice.models.small.fallbacks", "upstream/large");
        return overrides;
    }
}
