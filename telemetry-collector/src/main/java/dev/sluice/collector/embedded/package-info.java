/**
 * A real, durable PostgreSQL beside the collector, for whoever has none. Promises that at most one collector uses a data
 * folder, that what was committed survives the death of either process, that only loopback is listened on, and that no
 * server process outlives its collector. Every failure is one sentence that says what to do.
 */
@NullMarked
package dev.sluice.collector.embedded;

import org.jspecify.annotations.NullMarked;
