/** From a model's public name to the targets that can answer, in order of preference. */
@NullMarked
package dev.sluice.gateway.routing;

import org.jspecify.annotations.NullMarked;
