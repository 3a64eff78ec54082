package dev.sluice.gateway.pipeline;

import dev.sluice.gateway.api.PatientProfile;
import java.util.Map;

/** A patient gateway with a quick heartbeat, and with a model that does not stream. */
public final class WholeAnswersProfile extends PatientProfile {

    /** The public name, and the provider's, of the model that does not stream. */
    static final String UNSTREAMED = "unstreamed";

    @Override
    protected void configure(Map<String, String> settings) {
        super.configure(settings);
        settings.put("sluice.streams.heartbeat", "200ms");
        settings.put("sluice.models." + UNSTREAMED + ".targets", "upstream/" + UNSTREAMED);
        settings.put("sluice.models." + UNSTREAMED + ".streams", "false");
    }
}
