/**
 * What may be changed in an answer on its way from the provider to the log: left out, redacted, cut.
 *
 * <p>A {@link dev.sluice.gateway.transform.Transforms} says what to do and may be shared; what it opens works on one stream, on
 * one thread. However a provider cuts the same answer into chunks, the outcome is the same.
 */
@NullMarked
package dev.sluice.gateway.transform;

import org.jspecify.annotations.NullMarked;
