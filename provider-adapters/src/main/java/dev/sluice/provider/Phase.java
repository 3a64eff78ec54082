package dev.sluice.provider;

import java.util.Locale;

/** How far an upstream call had come; of a timeout, which clock ran out. */
public enum Phase {
    /** Finding the address, connecting, TLS. */
    CONNECT,
    /** Connected, waiting for the response's head. */
    HEAD,
    /** Head received, nothing of the answer yet. */
    FIRST_CHUNK,
    /** Some of the answer received. */
    MID_STREAM,
    /** Only of a timeout: the whole answer, all attempts together. */
    TOTAL;

    /** Returns the name used on the wire, for example {@code first_chunk}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
