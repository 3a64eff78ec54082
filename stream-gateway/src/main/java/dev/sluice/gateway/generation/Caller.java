package dev.sluice.gateway.generation;

/**
 * Who asks. Streams belong to callers: nobody sees another's.
 *
 * @param name a configured caller's name, or a digest of the key that an unknown one presented; never the key itself
 */
public record Caller(String name) {

    /** Everybody who presents no key where none is required. */
    public static final Caller ANONYMOUS = new Caller("anonymous");
}
