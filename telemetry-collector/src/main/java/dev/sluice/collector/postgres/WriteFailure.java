package dev.sluice.collector.postgres;

import io.vertx.pgclient.PgException;

/** What a failed statement says about trying again. */
enum WriteFailure {
    /** A row cannot be stored. Without it, the others can. */
    BAD_ROW,
    /** A day has no partition. */
    NO_PARTITION,
    /** The server or the way to it; may pass. */
    UNAVAILABLE;

    static WriteFailure of(Throwable failure) {
        if (!(failure instanceof PgException refused)) {
            return UNAVAILABLE;
        }
        var state = refused.getSqlState();
        if (state == null) {
            return UNAVAILABLE;
        }
        // 23514 is what PostgreSQL says of a row that no partition takes; the table has no other check.
        if (state.equals("23514")) {
            return NO_PARTITION;
        }
        // 23505 is not a bad row: a concurrent REINDEX may raise it in spite of ON CONFLICT.
        return state.startsWith("22") || state.equals("23502") ? BAD_ROW : UNAVAILABLE;
    }
}
