/** How much of the heap things that are not whole yet may hold together. */
@NullMarked
package dev.sluice.memory;

import org.jspecify.annotations.NullMarked;
