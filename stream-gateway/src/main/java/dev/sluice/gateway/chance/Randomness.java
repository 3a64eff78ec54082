package dev.sluice.gateway.resilience;

import jakarta.inject.Singleton;
import java.util.concurrent.ThreadLocalRandom;

/** Where jitter comes from. Tests put a sequence of their own in its place. */
@Singleton
class Randomness {

    /** Returns a number from 0 to 1, exclusive. */
    double next() {
        return ThreadLocalRandom.current().nextDouble();
    }
}
