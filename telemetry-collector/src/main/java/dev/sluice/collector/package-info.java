/**
 * The entry point of the collector. Chooses between the operator's PostgreSQL and the embedded one before Quarkus reads
 * its configuration, and stops the embedded one after Quarkus has answered its last request.
 */
@NullMarked
package dev.sluice.collector;

import org.jspecify.annotations.NullMarked;
