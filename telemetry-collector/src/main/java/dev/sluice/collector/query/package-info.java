/**
 * Reads back what was collected, through the stable views of the schema {@code telemetry_api} only. Never writes.
 */
@NullMarked
package dev.sluice.collector.query;

import org.jspecify.annotations.NullMarked;
