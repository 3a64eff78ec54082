package dev.sluice.gateway.chance;

import jakarta.inject.Singleton;
import java.util.concurrent.ThreadLocalRandom;

/** Real chance. */
@Singleton
final class ThreadRandomness implements Randomness {

    @Override
    public double next() {
        return ThreadLocalRandom.current().nextDouble();
    }
}
