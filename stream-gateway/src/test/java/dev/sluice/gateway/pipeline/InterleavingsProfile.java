package dev.sluice.gateway.pipeline;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;
import java.util.Set;

/** A gateway whose time and whose providers are in the test's hand. What it waits for is short, and without jitter. */
public class InterleavingsProfile implements QuarkusTestProfile {

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        return Set.of(VirtualTime.class, ScriptedProvider.class, MilestoneTap.class);
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.ofEntries(
                Map.entry("quarkus.http.test-port", "0"),
                Map.entry("sluice.telemetry.enabled", "false"),
                // An alternative hides the other adapters.
                Map.entry("sluice.providers.simulator.adapter", ScriptedProvider.ADAPTER),
                Map.entry("sluice.providers.simulator.base-url", "http://simulator.invalid"),
                Map.entry("sluice.providers.first.adapter", ScriptedProvider.ADAPTER),
                Map.entry("sluice.providers.first.base-url", "http://first.invalid"),
                Map.entry("sluice.providers.second.adapter", ScriptedProvider.ADAPTER),
                Map.entry("sluice.providers.second.base-url", "http://second.invalid"),
                Map.entry("sluice.resilience.attempts", "3"),
                Map.entry("sluice.resilience.backoff.base", "1s"),
                Map.entry("sluice.resilience.backoff.jitter", "0"),
                Map.entry("sluice.resilience.backoff.budget", "10s"),
                Map.entry("sluice.resilience.breaker.failures", "4"),
                Map.entry("sluice.resilience.breaker.pause", "5s"),
                Map.entry("sluice.resilience.timeouts.first-chunk", "4s"),
                Map.entry("sluice.resilience.timeouts.whole-answer", "4s"),
                Map.entry("sluice.resilience.timeouts.idle", "3s"),
                Map.entry("sluice.resilience.timeouts.total", "20s"),
                // The look at the heap is an alarm that stays.
                Map.entry("sluice.admission.shed-above", "1"),
                Map.entry("sluice.streams.idle", "12s"),
                Map.entry("sluice.streams.log.keep-ended", "1s"));
    }
}
