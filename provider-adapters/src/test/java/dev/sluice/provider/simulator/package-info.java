@NullMarked
package dev.sluice.provider.simulator;

import org.jspecify.annotations.NullMarked;
