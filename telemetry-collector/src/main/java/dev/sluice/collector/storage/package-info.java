/**
 * The port between checking events in and keeping them. Promises that a disposition is only reported once it is
 * durable, and knows nothing of HTTP, JSON or SQL statements.
 */
@NullMarked
package dev.sluice.collector.storage;

import org.jspecify.annotations.NullMarked;
