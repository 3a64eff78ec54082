/** Streams read to their end and checked, and what they measured. */
@NullMarked
package dev.sluice.bench.load;

import org.jspecify.annotations.NullMarked;
