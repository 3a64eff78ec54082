package dev.sluice.gateway.telemetry;

/** The collector will never take this batch. */
final class BatchRefusedException extends RuntimeException {

    BatchRefusedException(int status) {
        super("HTTP " + status, null, false, false);
    }
}
