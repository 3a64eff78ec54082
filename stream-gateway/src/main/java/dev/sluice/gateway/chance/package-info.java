/** Where chance comes from, as a port: tests put a sequence of their own in its place. */
@NullMarked
package dev.sluice.gateway.chance;

import org.jspecify.annotations.NullMarked;
