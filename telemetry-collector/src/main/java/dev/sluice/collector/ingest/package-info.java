/**
 * Checks batches in: body to events, events to rows, rows to an answer. Promises that a bad event never harms its
 * neighbours, that memory is bounded however much is sent, and that an event counted as received is counted exactly
 * once more under what became of it.
 */
@NullMarked
package dev.sluice.collector.ingest;

import org.jspecify.annotations.NullMarked;
