package dev.sluice.gateway.pipeline;

import dev.sluice.gateway.api.PatientProfile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A gateway with short clocks, whose breakers open with the third failure. It has many models, each a target with a breaker of
 * its own, so that no case knows of another.
 */
public class MatrixProfile extends PatientProfile {

    /** How many targets {@code target-0} … there are. */
    static final int TARGETS = 700;

    /** How many targets {@code refused-0} … there are of each provider that cannot be reached. */
    static final int UNREACHABLE = 20;

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> overrides = new HashMap<>(super.getConfigOverrides());
        overrides.put("sluice.resilience.backoff.base", "5ms");
        overrides.put("sluice.resilience.breaker.failures", "3");
        overrides.put("sluice.resilience.timeouts.first-chunk", "1s");
        overrides.put("sluice.resilience.timeouts.whole-answer", "1s");
        // Longer than the adapter waits for figures after a finish.
        overrides.put("sluice.resilience.timeouts.idle", "1500ms");
        overrides.put("sluice.providers.nowhere.base-url", "http://nobody.invalid/v1");
        overrides.put("sluice.providers.mute.timeouts.connect", "200ms");
        for (int i = 0; i < TARGETS; i++) {
            overrides.put("sluice.models.target-" + i + ".targets", "upstream/target-" + i);
        }
        for (String provider : List.of("refused", "nowhere", "plain", "mute")) {
            for (int i = 0; i < UNREACHABLE; i++) {
                overrides.put("sluice.models." + provider + "-" + i + ".targets", provider + "/" + i);
            }
        }
        return overrides;
    }

    @Override
    public List<TestResourceEntry> testResources() {
        List<TestResourceEntry> resources = new ArrayList<>(super.testResources());
        resources.add(new TestResourceEntry(BadPeers.class));
        return resources;
    }
}
