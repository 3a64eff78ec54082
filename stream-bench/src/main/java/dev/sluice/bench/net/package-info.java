/** Sockets and HTTP, as little as a measurement needs. One thread, no dependency, nothing allocated for each chunk. */
@NullMarked
package dev.sluice.bench.net;

import org.jspecify.annotations.NullMarked;
