package dev.sluice.gateway.pipeline;

import dev.sluice.gateway.api.PatientProfile;
import java.util.Map;

/** A gateway that keeps nothing for long. */
public class ForgetfulProfile extends PatientProfile {

    @Override
    protected void configure(Map<String, String> settings) {
        super.configure(settings);
        settings.put("sluice.streams.log.keep-ended", "1s");
        settings.put("sluice.streams.idle", "1s");
        settings.put("sluice.resilience.attempts", "1");
    }
}
