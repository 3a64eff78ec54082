/** Numbers: percentiles, what a process costs, and how they are printed. */
@NullMarked
package dev.sluice.bench.figures;

import org.jspecify.annotations.NullMarked;
