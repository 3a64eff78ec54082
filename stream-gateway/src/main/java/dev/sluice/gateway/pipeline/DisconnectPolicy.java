package dev.sluice.gateway.pipeline;

import java.time.Duration;

/** What becomes of a running stream when its last reader has gone. */
public sealed interface DisconnectPolicy {

    /** It is ended at once. */
    record Cancel() implements DisconnectPolicy {}

    /**
     * It is ended unless a reader comes back in time.
     *
     * @param unread how long it goes on unread
     */
    record Grace(Duration unread) implements DisconnectPolicy {}

    /**
     * It goes on unread, but not without end: whichever bound is reached first ends it, unless a reader comes back.
     *
     * @param tokens how many more output tokens may come, by estimate
     * @param unread how long it may take
     */
    record Drain(long tokens, Duration unread) implements DisconnectPolicy {}
}
