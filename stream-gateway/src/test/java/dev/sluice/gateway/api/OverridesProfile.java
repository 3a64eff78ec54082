package dev.sluice.gateway.api;

import java.util.HashMap;
import java.util.Map;

/** A gateway with settings for all, for a provider, and for some models. */
public class OverridesProfile extends StrictProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> overrides = new HashMap<>(super.getConfigOverrides());
        overrides.put("sluice.resilience.attempts", "2");
        overrides.put("sluice.resilience.breaker.failures", "100");
        overrides.put("sluice.resilience.breaker.pause", "60s");
        overrides.put("sluice.models.eager.targets", "simulator/eager");
        overrides.put("sluice.models.eager.resilience.attempts", "4");
        overrides.put("sluice.models.fragile.targets", "simulator/fragile");
        overrides.put("sluice.models.fragile.resilience.breaker.failures", "2");
        overrides.put("sluice.models.brief.targets", "simulator/brief");
        overrides.put("sluice.models.brief.resilience.timeouts.total", "200ms");
        overrides.put("sluice.providers.hasty.adapter", "simulator");
        overrides.put("sluice.providers.hasty.timeouts.first-chunk", "100ms");
        overrides.put("sluice.providers.hasty.timeouts.idle", "100ms");
        overrides.put("sluice.models.calm.targets", "hasty/calm");
        overrides.put("sluice.models.calm.resilience.timeouts.idle", "30s");
        return overrides;
    }
}
