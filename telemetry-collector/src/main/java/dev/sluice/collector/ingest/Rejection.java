package dev.sluice.collector.ingest;

/** An event that is not stored: its place in the batch, a code for programs and a sentence for people. */
record Rejection(int index, Code code, String message) {

    /** Why. Sending the same event again cannot help. */
    enum Code {
        NOT_AN_OBJECT,
        MISSING_FIELD,
        INVALID_FIELD,
        UNKNOWN_TYPE,
        OUT_OF_WINDOW,
        /** Passed our checks, but PostgreSQL could not hold it. */
        QUARANTINED
    }
}
