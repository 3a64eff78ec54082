package dev.sluice.gateway.api;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The world around the gateway under test: a provider and a collector. */
public final class Doubles implements QuarkusTestResourceLifecycleManager {

    private static @Nullable UpstreamDouble upstream;
    private static @Nullable CollectorDouble collector;

    /** Returns the provider {@code upstream} of the gateway that runs. */
    public static UpstreamDouble upstream() {
        return running(upstream);
    }

    /** Returns the collector of the gateway that runs. */
    public static CollectorDouble collector() {
        return running(collector);
    }

    @Override
    public Map<String, String> start() {
        UpstreamDouble provider = new UpstreamDouble();
        CollectorDouble events = new CollectorDouble();
        upstream = provider;
        collector = events;
        return Map.of(
                "sluice.providers.upstream.base-url", provider.baseUrl(),
                "sluice.providers.upstream.api-key", "sk-upstream-canary-key",
                "sluice.telemetry.collector-url", events.url());
    }

    @Override
    public void stop() {
        try {
            upstream().close();
            collector().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T running(@Nullable T started) {
        if (started == null) {
            throw new IllegalStateException("no gateway runs");
        }
        return started;
    }
}
