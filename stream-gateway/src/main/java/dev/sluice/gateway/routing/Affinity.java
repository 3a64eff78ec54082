package dev.sluice.gateway.routing;

import dev.sluice.gateway.generation.Target;
import java.util.function.ToDoubleFunction;

/**
 * The luck of one sticky key: a number for each target that looks like chance and never changes, on every gateway and after
 * every restart. So a key finds its target without anything being remembered.
 *
 * @param key what the caller calls the conversation
 */
record Affinity(String key) implements ToDoubleFunction<Target> {

    private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    /** Returns a number from 0 to 1, exclusive. */
    @Override
    public double applyAsDouble(Target target) {
        long hash = hash(hash(hash(OFFSET_BASIS, key), "\n"), target.toString());
        return (mixed(hash) >>> 11) * 0x1.0p-53;
    }

    /** FNV-1a over characters. */
    private static long hash(long seed, String text) {
        long hash = seed;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * PRIME;
        }
        return hash;
    }

    /** The end of MurmurHash3, since FNV leaves neighbouring keys close to each other. */
    private static long mixed(long hash) {
        long mixed = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
