/**
 * From milestones to telemetry events and metrics. Whatever happens here never delays or fails a stream. Events carry no prompt,
 * no answer and no key.
 */
@NullMarked
package dev.sluice.gateway.telemetry;

import org.jspecify.annotations.NullMarked;
