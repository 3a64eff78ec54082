package dev.sluice.gateway.weather;

import java.time.Duration;

/**
 * A time in which a provider does badly.
 *
 * @param provider by its name
 * @param from since the beginning
 * @param to when it is over
 * @param share of the calls that it hits, 0 to 1
 * @param beyond it hits only calls above so many at once
 * @param answer what they get
 */
record Spell(String provider, Duration from, Duration to, double share, int beyond, Answer answer) {

    /** Every call between these seconds. */
    static Spell of(String provider, int fromSeconds, int toSeconds, Answer answer) {
        return new Spell(provider, Duration.ofSeconds(fromSeconds), Duration.ofSeconds(toSeconds), 1, 0, answer);
    }

    /** A part of the calls. */
    Spell hitting(double part) {
        return new Spell(provider, from, to, part, beyond, answer);
    }

    /** Only those beyond what it can bear. */
    Spell beyond(int calls) {
        return new Spell(provider, from, to, share, calls, answer);
    }

    /**
     * Whether it hits a call.
     *
     * @param open calls of the provider at this moment
     * @param chance 0 to 1, exclusive
     */
    boolean hits(String called, Duration at, int open, double chance) {
        return called.equals(provider)
                && at.compareTo(from) >= 0
                && at.compareTo(to) < 0
                && open >= beyond
                && chance < share;
    }
}
