/**
 * What one answer of a model is made of, whichever provider gave it.
 *
 * <p>An answer is an ordered sequence of {@link dev.sluice.stream.Chunk chunks}. Nothing here knows of HTTP, of a vendor or
 * of a framework. All types are immutable and may be shared between threads.
 */
@NullMarked
package dev.sluice.stream;

import org.jspecify.annotations.NullMarked;
