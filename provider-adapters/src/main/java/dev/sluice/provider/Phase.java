package dev.sluice.provider;

import java.util.Locale;

/** How far an upstream call had come. */
public enum Phase {
    /** Finding the address, connecting, TLS. */
    CONNECT,
    /** Connected, waiting for the response's head. */
    HEAD,
    /** Head received, nothing of the answer yet. */
    FIRST_CHUNK,
    /** Some of the answer received. */
    MID_STREAM;

    /** Returns the name used on the wire, for example {@code first_chunk}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
