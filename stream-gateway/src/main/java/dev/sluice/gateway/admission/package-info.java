/**
 * Yes with a permit, or no with a reason and a when.
 *
 * <p>A request passes four checks, in this order: there is memory left, its caller has not asked too often, its caller has
 * tokens left, and there is a place to run. Only for a place can it wait.
 */
@NullMarked
package dev.sluice.gateway.admission;

import org.jspecify.annotations.NullMarked;
