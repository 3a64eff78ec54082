/**
 * The port that a wire protocol implements, and the typed ways in which a provider fails.
 *
 * <p>An adapter is a CDI bean that implements {@link dev.sluice.provider.ModelProvider}. A jar on the class path with one more
 * such bean is one more protocol. Adapters are stateless between calls and know nothing of each other.
 */
@NullMarked
package dev.sluice.provider;

import org.jspecify.annotations.NullMarked;
