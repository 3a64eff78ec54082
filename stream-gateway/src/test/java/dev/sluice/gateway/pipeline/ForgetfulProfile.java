package dev.sluice.gateway.pipeline;

import dev.sluice.gateway.api.PatientProfile;
import java.util.HashMap;
import java.util.Map;

/** A gateway that keeps nothing for long. */
public class ForgetfulProfile extends PatientProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> overrides = new HashMap<>(super.getConfigOverrides());
        overrides.put("sluice.streams.log.keep-ended", "1s");
        overrides.put("sluice.streams.idle", "1s");
        overrides.put("sluice.resilience.attempts", "1");
        return overrides;
    }
}
