/** Ways from a log to a client: framing, heartbeat, flow control. */
@NullMarked
package dev.sluice.gateway.transport;

import org.jspecify.annotations.NullMarked;
