/** The run that {@code ./dev faults} makes: what callers notice when a fifth of a provider's calls fail, and when all of them do. */
@NullMarked
package dev.sluice.bench.faults;

import org.jspecify.annotations.NullMarked;
