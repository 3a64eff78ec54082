package dev.sluice.gateway.chance;

/** Numbers that nobody can foretell. May be asked from any thread. */
public interface Randomness {

    /** Returns a number from 0 to 1, exclusive. */
    double next();
}
