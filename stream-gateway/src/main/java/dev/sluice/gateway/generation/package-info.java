/**
 * The vocabulary of one accepted request: who asked, what its stream is called, what happens in it, and how it can fail.
 *
 * <p>All types are immutable. Nothing here does anything: the stages of the pipeline speak in these words.
 */
@NullMarked
package dev.sluice.gateway.generation;

import org.jspecify.annotations.NullMarked;
