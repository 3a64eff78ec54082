/** From events to the bytes of one public format. A dialect knows nothing of sockets and nothing of other dialects. */
@NullMarked
package dev.sluice.gateway.dialect;

import org.jspecify.annotations.NullMarked;
