package dev.sluice.gateway.telemetry;

import java.time.Instant;
import java.util.UUID;

/**
 * A fact on its way to the collector. Minted once: a resend carries the same id, time and number.
 *
 * @param id a UUIDv7
 * @param seq 1, 2, 3 … in this process, so that a gap shows a loss
 * @param time when it happened
 * @param fact what happened
 */
record TelemetryEvent(UUID id, long seq, Instant time, Fact fact) {}
