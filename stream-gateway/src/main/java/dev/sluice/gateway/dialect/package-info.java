/**
 * From events to the bytes of one public format. A dialect knows nothing of sockets, and of other dialects at
 * most the names that {@link dev.sluice.gateway.dialect.standard.StandardJson Sluice's own} gives to things.
 */
@NullMarked
package dev.sluice.gateway.dialect;

import org.jspecify.annotations.NullMarked;
