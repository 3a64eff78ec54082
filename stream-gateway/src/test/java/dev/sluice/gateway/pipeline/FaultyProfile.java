package dev.sluice.gateway.pipeline;

import dev.sluice.gateway.api.PatientProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A patient gateway with short clocks. It has many models, each a target with a breaker of its own that opens with the third
 * failure, so that no case knows of another.
 */
public final class FaultyProfile extends PatientProfile {

    static final int OPENS_AT = 3;

    /** How many targets {@code target-0} … there are. */
    static final int TARGETS = 700;

    /** How many targets {@code refused-0} … there are of each provider that cannot be reached. */
    static final int UNREACHABLE = 20;

    @Override
    protected void configure(Map<String, String> settings) {
        super.configure(settings);
        settings.put("sluice.resilience.backoff.base", "5ms");
        settings.put("sluice.resilience.timeouts.first-chunk", "1s");
        settings.put("sluice.resilience.timeouts.whole-answer", "1s");
        // Longer than the adapter waits for figures after a finish.
        settings.put("sluice.resilience.timeouts.idle", "1500ms");
        settings.put("sluice.providers.nowhere.base-url", "http://nobody.invalid/v1");
        settings.put("sluice.providers.mute.timeouts.connect", "200ms");
        for (int i = 0; i < TARGETS; i++) {
            list("target-" + i, "upstream/target-" + i, settings);
        }
        for (String provider : List.of("refused", "nowhere", "plain", "mute")) {
            for (int i = 0; i < UNREACHABLE; i++) {
                list(provider + "-" + i, provider + "/" + i, settings);
            }
        }
    }

    private static void list(String model, String target, Map<String, String> settings) {
        settings.put("sluice.models." + model + ".targets", target);
        settings.put("sluice.models." + model + ".resilience.breaker.failures", String.valueOf(OPENS_AT));
    }

    @Override
    public List<TestResourceEntry> testResources() {
        List<TestResourceEntry> resources = new ArrayList<>(super.testResources());
        resources.add(new TestResourceEntry(BadPeers.class));
        return resources;
    }
}
