/** Sluice's own event format: one JSON object for each event, every event shown. */
@NullMarked
package dev.sluice.gateway.dialect.standard;

import org.jspecify.annotations.NullMarked;
