package dev.sluice.gateway.pipeline;

import dev.sluice.gateway.time.Timers;
import dev.sluice.gateway.time.VirtualTimers;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Puts virtual time in the place of the real clock. */
@Alternative
@Singleton
class VirtualTime {

    @Produces
    @Singleton
    Timers timers() {
        return new VirtualTimers();
    }
}
