package dev.sluice.gateway.api;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;

/** A gateway as it comes, but quick to try again, and never tired of a provider that fails on purpose. */
public class PatientProfile implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "quarkus.http.test-port", "0",
                "sluice.providers.refused.base-url", "http://127.0.0.1:1/v1",
                "sluice.resilience.backoff.base", "10ms",
                "sluice.resilience.breaker.failures", "1000000");
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(Doubles.class));
    }
}
