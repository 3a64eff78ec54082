/**
 * Attempts along the targets, with semantics that are right for a stream: retry and fallback before the commit point only, a
 * breaker for each target whose outcome is settled when the stream ends, clocks, and cancellation that reaches the upstream
 * connection at once.
 */
@NullMarked
package dev.sluice.gateway.resilience;

import org.jspecify.annotations.NullMarked;
