/** The processes beside the tool: the gateway, the provider, nginx. They end with the tool, whatever ends it. */
@NullMarked
package dev.sluice.bench.child;

import org.jspecify.annotations.NullMarked;
