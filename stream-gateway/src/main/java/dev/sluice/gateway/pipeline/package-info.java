/** The order, once: admit, route, attempt, transform, log; and the end of every stream, exactly once. */
@NullMarked
package dev.sluice.gateway.pipeline;

import org.jspecify.annotations.NullMarked;
