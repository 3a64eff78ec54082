package dev.sluice.gateway.api;

import java.util.Map;

/** A gateway with settings for all, for a provider, and for some models. */
public class OverridesProfile extends StrictProfile {

    @Override
    protected void configure(Map<String, String> settings) {
        super.configure(settings);
        settings.put("sluice.resilience.attempts", "2");
        settings.put("sluice.resilience.breaker.failures", "100");
        settings.put("sluice.resilience.breaker.pause", "60s");
        settings.put("sluice.models.eager.targets", "simulator/eager");
        settings.put("sluice.models.eager.resilience.attempts", "4");
        settings.put("sluice.models.fragile.targets", "simulator/fragile");
        settings.put("sluice.models.fragile.resilience.breaker.failures", "2");
        settings.put("sluice.models.brief.targets", "simulator/brief");
        settings.put("sluice.models.brief.resilience.timeouts.total", "200ms");
        settings.put("sluice.providers.hasty.adapter", "simulator");
        settings.put("sluice.providers.hasty.timeouts.first-chunk", "100ms");
        settings.put("sluice.providers.hasty.timeouts.idle", "100ms");
        settings.put("sluice.models.calm.targets", "hasty/calm");
        settings.put("sluice.models.calm.resilience.timeouts.idle", "30s");
    }
}
