/** Yes with a permit, or no with a reason and a when. */
@NullMarked
package dev.sluice.gateway.admission;

import org.jspecify.annotations.NullMarked;
