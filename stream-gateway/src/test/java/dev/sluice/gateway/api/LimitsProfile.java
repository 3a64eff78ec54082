package dev.sluice.gateway.api;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;

/** A gateway whose callers have limits, and a short queue. */
public class LimitsProfile implements QuarkusTestProfile {

    static final String ALICE = "Authorization: Bearer sk-alice-canary-key";
    static final String BOB = "Authorization: Bearer sk-bob-canary-key";

    /** May start three streams, and then one each twenty seconds. */
    static final String SELDOM = "Authorization: Bearer sk-seldom-canary-key";

    /** May spend 1000 tokens, and then one each minute. */
    static final String THRIFTY = "Authorization: Bearer sk-thrifty-canary-key";

    /** May start one stream, and then one each ten minutes. */
    static final String ONCE = "Authorization: Bearer sk-once-canary-key";

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.ofEntries(
                Map.entry("quarkus.http.test-port", "0"),
                Map.entry("sluice.callers.alice.api-key", "sk-alice-canary-key"),
                Map.entry("sluice.callers.bob.api-key", "sk-bob-canary-key"),
                Map.entry("sluice.callers.seldom.api-key", "sk-seldom-canary-key"),
                Map.entry("sluice.callers.seldom.limits.requests-per-minute", "3"),
                Map.entry("sluice.callers.thrifty.api-key", "sk-thrifty-canary-key"),
                Map.entry("sluice.callers.thrifty.limits.tokens-per-minute", "1"),
                Map.entry("sluice.callers.thrifty.limits.token-burst", "1000"),
                Map.entry("sluice.callers.once.api-key", "sk-once-canary-key"),
                Map.entry("sluice.callers.once.limits.tokens-per-minute", "1"),
                Map.entry("sluice.callers.once.limits.token-burst", "5"),
                Map.entry("sluice.admission.max-streams", "3"),
                Map.entry("sluice.admission.per-caller.max-streams", "2"),
                Map.entry("sluice.admission.queue.size", "4"),
                Map.entry("sluice.admission.queue.deadline", "1500ms"),
                Map.entry("sluice.resilience.backoff.base", "10ms"));
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(Doubles.class));
    }
}
