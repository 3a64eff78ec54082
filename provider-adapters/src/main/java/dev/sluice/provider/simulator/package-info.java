/**
 * A provider without a model: it plays a script that the request itself carries, so that everything around a provider can be
 * tried, tested and measured without a key and without a network.
 */
@NullMarked
package dev.sluice.provider.simulator;

import org.jspecify.annotations.NullMarked;
