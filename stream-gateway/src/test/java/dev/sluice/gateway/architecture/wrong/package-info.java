/** Code as it must not be, to see that each rule can fail. */
@NullMarked
package dev.sluice.gateway.architecture.wrong;

import org.jspecify.annotations.NullMarked;
