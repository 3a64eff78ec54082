/**
 * Keeps events in PostgreSQL: the writer behind the storage port, the partitions it writes to, and the truth about
 * whether the server is reachable and durable.
 */
@NullMarked
package dev.sluice.collector.postgres;

import org.jspecify.annotations.NullMarked;
