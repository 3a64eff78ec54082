/** Server-sent events (WHATWG HTML, section 9.2) over one HTTP response. */
@NullMarked
package dev.sluice.gateway.transport.sse;

import org.jspecify.annotations.NullMarked;
