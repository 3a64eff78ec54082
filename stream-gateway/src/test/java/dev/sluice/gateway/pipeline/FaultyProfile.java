package dev.sluice.gateway.pipeline;

import dev.sluice.gateway.api.PatientProfile;
import java.util.HashMap;
import java.util.Map;

/** A patient gateway that does not wait long for a silent provider. */
public class FaultyProfile extends PatientProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> overrides = new HashMap<>(super.getConfigOverrides());
        overrides.put("sluice.resilience.backoff.base", "5ms");
        overrides.put("sluice.resilience.timeouts.first-chunk", "1s");
        overrides.put("sluice.resilience.timeouts.whole-answer", "1s");
        overrides.put("sluice.resilience.timeouts.idle", "1500ms");
        return overrides;
    }
}
