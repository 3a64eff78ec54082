package dev.sluice.gateway.pipeline;

import dev.sluice.gateway.api.PatientProfile;
import java.util.HashMap;
import java.util.Map;

/** A patient gateway with a quick heartbeat, and with a model that does not stream. */
public final class WholeAnswersProfile extends PatientProfile {

    /** The public name, and the provider's, of the model that does not stream. */
    static final String UNSTREAMED = "unstreamed";

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> overrides = new HashMap<>(super.getConfigOverrides());
        overrides.put("sluice.streams.heartbeat", "200ms");
        overrides.put("sluice.models." + UNSTREAMED + ".targets", "upstream/" + UNSTREAMED);
        overrides.put("sluice.models." + UNSTREAMED + ".streams", "false");
        return overrides;
    }
}
