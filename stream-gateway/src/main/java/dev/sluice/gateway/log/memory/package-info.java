/** Logs in this process's memory: the default, for one node. */
@NullMarked
package dev.sluice.gateway.log.memory;

import org.jspecify.annotations.NullMarked;
