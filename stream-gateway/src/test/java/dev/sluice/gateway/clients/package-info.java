/** Clients that nobody here wrote, from Maven's registry, against the running gateway. */
@NullMarked
package dev.sluice.gateway.clients;

import org.jspecify.annotations.NullMarked;
