package dev.sluice.gateway.admission;

import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;

/** Bounds the streams that run at the same time. Thread-safe; never waits. */
@Singleton
public final class AdmissionGate {

    private final AdmissionConfig config;
    private final AtomicInteger inUse = new AtomicInteger();

    public AdmissionGate(AdmissionConfig config) {
        this.config = config;
    }

    /** Asks for the right to run one more stream. */
    public Admission enter() {
        int limit = config.maxStreams();
        if (inUse.incrementAndGet() > limit) {
            inUse.decrementAndGet();
            return new Admission.Refused(GatewayError.of(
                            ErrorCode.OVERLOADED, "The gateway already runs " + limit + " streams. Try again soon.")
                    .withRetryAfter(config.retryAfter()));
        }
        return new Admission.Admitted(new Permit(inUse));
    }

    /** Returns how many permits are out. */
    public int inUse() {
        return inUse.get();
    }
}
