package dev.sluice.collector.storage;

/** What became of one event. Durable when it is reported. */
public enum Disposition {
    /** Stored now. */
    INSERTED,
    /** Stored before, or earlier in the same write. */
    DUPLICATE,
    /** Refused by the store for what it contains; sending it again cannot help. */
    QUARANTINED
}
