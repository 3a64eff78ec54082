package dev.sluice.gateway.api;

import java.util.Map;

/** A gateway that leaves a target alone after its first failure, for a moment. */
public final class RoutingProfile extends PatientProfile {

    @Override
    protected void configure(Map<String, String> settings) {
        super.configure(settings);
        settings.put("sluice.resilience.attempts", "1");
        settings.put("sluice.resilience.breaker.failures", "1");
        settings.put("sluice.resilience.breaker.pause", "3s");
        settings.put("sluice.chat.sticky", "true");
        settings.put("sluice.models.shared.targets", "upstream/left*1,upstream/right*1");
        settings.put("sluice.models.lonely.targets", "upstream/lonely");
        settings.put("sluice.models.lonely.fallbacks", "upstream/forsaken");
        settings.put("sluice.models.careful.targets", "upstream/dying");
        settings.put("sluice.models.careful.fallbacks", "upstream/standby");
        settings.put("sluice.models.small.targets", "upstream/small");
        settings.put("sluice.models.small.fallbacks", "upstream/large");
    }
}
