/** The clock and its alarms, as a port: tests put virtual time in its place. */
@NullMarked
package dev.sluice.gateway.time;

import org.jspecify.annotations.NullMarked;
