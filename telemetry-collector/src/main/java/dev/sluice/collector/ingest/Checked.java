package dev.sluice.collector.ingest;

import dev.sluice.collector.storage.TelemetryEvent;

/** One element of a batch after its check. */
sealed interface Checked {

    /** Good to store. */
    record Accepted(int index, TelemetryEvent event) implements Checked {}

    /** Bad, with the reason. */
    record Refused(Rejection rejection) implements Checked {}
}
