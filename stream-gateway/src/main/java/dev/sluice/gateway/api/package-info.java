/** The public HTTP API: decode, identify the caller, answer. */
@NullMarked
package dev.sluice.gateway.api;

import org.jspecify.annotations.NullMarked;
