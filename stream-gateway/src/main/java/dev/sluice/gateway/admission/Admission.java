package dev.sluice.gateway.admission;

import dev.sluice.gateway.generation.GatewayError;

/** The gate's answer to a request. */
public sealed interface Admission {

    /**
     * The request may run as soon as it is its turn, which usually is at once.
     *
     * @param permit to be given back when it ends
     */
    record Admitted(Permit permit) implements Admission {}

    /**
     * The request may not run.
     *
     * @param error why, and when it may be tried again
     */
    record Refused(GatewayError error) implements Admission {}
}
