/** Many streams on one WebSocket. */
@NullMarked
package dev.sluice.gateway.transport.websocket;

import org.jspecify.annotations.NullMarked;
