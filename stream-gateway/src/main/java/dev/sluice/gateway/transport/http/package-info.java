/** Events in the body of one HTTP response, as server-sent events or as lines. */
@NullMarked
package dev.sluice.gateway.transport.http;

import org.jspecify.annotations.NullMarked;
