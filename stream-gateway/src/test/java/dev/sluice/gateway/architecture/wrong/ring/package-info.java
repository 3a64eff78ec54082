/** The other half of a cycle. */
@NullMarked
package dev.sluice.gateway.architecture.wrong.ring;

import org.jspecify.annotations.NullMarked;
