/** Rules about the shape of the whole module. */
@NullMarked
package dev.sluice.gateway.architecture;

import org.jspecify.annotations.NullMarked;
