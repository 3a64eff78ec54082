package dev.sluice.gateway.pipeline;

/** What becomes of an answer that breaks off after some of it was sent. */
public enum OnInterrupt {
    /** The stream ends with an error. */
    FAIL,
    /** Another call goes on after what was sent, where that is possible. */
    CONTINUE
}
