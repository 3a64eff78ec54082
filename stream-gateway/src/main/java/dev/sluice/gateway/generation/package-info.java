/**
 * The vocabulary of one accepted request: who asked, what its stream is called, what happens in it, and how it can fail.
 *
 * <p>All types are immutable, but for two that count: gaps between chunks, and tokens by estimate. Nothing else is done here:
 * the stages of the pipeline speak in these words.
 */
@NullMarked
package dev.sluice.gateway.generation;

import org.jspecify.annotations.NullMarked;
