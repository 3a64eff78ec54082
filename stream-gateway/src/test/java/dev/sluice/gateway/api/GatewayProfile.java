package dev.sluice.gateway.api;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A gateway on a free port, between the doubles. What makes it different from others, each profile says. */
public abstract class GatewayProfile implements QuarkusTestProfile {

    /** Puts the settings that make this gateway different, over those that are there. */
    protected abstract void configure(Map<String, String> settings);

    @Override
    public final Map<String, String> getConfigOverrides() {
        Map<String, String> settings = new HashMap<>();
        settings.put("quarkus.http.test-port", "0");
        configure(settings);
        return settings;
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(Doubles.class));
    }
}
