/** What the tests of several packages need. */
@NullMarked
package dev.sluice.gateway.testing;

import org.jspecify.annotations.NullMarked;
