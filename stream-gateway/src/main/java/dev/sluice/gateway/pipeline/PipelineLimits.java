package dev.sluice.gateway.pipeline;

import dev.sluice.gateway.admission.AdmissionConfig;
import dev.sluice.gateway.log.StreamLogConfig;
import dev.sluice.gateway.resilience.ResilienceSettings;
import jakarta.inject.Singleton;
import java.time.Duration;

/** The bounds of one generation, gathered from the stages' configurations. */
@Singleton
final class PipelineLimits {

    private final ResilienceSettings resilience;
    private final Duration idle;
    private final long maxTextBytes;
    private final long assumedOutputTokens;

    PipelineLimits(
            ResilienceSettings resilience, DisconnectConfig unread, StreamLogConfig log, AdmissionConfig admission) {
        this.resilience = resilience;
        this.idle = unread.idle();
        this.maxTextBytes = log.maxBytesPerStream().asLongValue();
        this.assumedOutputTokens = admission.assumedOutputTokens();
    }

    /** Returns how long a generation of this model may take, all attempts together. */
    Duration total(String model) {
        return resilience.total(model);
    }

    /** Returns how long a generation that nobody reads may stand still. */
    Duration idle() {
        return idle;
    }

    /** Returns how much text its last event repeats. */
    long maxTextBytes() {
        return maxTextBytes;
    }

    /** Returns how many tokens an answer is taken to have before it is there, where its request does not bound them. */
    long assumedOutputTokens() {
        return assumedOutputTokens;
    }
}
