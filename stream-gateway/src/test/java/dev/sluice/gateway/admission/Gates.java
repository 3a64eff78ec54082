package dev.sluice.gateway.admission;

import dev.sluice.gateway.admission.HeapLevel.Reading;
import dev.sluice.gateway.testing.Configured;
import dev.sluice.gateway.time.Timers;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Gates without a gateway around them. */
public final class Gates {

    private Gates() {}

    /** Returns a gate as it comes, whose callers have no limits and whose memory never runs out. */
    public static AdmissionGate open(Timers timers) {
        return gate(
                Map.of(),
                caller -> Allowance.unlimited(caller.name()),
                Optional.empty(),
                timers,
                new SimpleMeterRegistry());
    }

    static AdmissionGate gate(
            Map<String, String> settings,
            Allowances allowances,
            Optional<Supplier<Reading>> heap,
            Timers timers,
            MeterRegistry meters) {
        AdmissionConfig config = Configured.with(AdmissionConfig.class, settings);
        return new AdmissionGate(
                config,
                allowances,
                OpenFiles.limitedTo(OptionalLong.empty()),
                new MemoryPressure(config.shedAbove(), heap, timers, meters),
                timers,
                meters);
    }
}
