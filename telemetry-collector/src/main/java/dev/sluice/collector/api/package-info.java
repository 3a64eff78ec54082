/**
 * How every endpoint says no: one body for all errors, one table of codes. Promises that neither a stack trace nor a
 * text of the database reaches a caller.
 */
@NullMarked
package dev.sluice.collector.api;

import org.jspecify.annotations.NullMarked;
