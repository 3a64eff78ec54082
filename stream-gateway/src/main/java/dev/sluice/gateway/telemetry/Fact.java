package dev.sluice.gateway.telemetry;

import dev.sluice.gateway.generation.Milestone;

/** What an event tells. */
sealed interface Fact {

    /** Something about a stream or a target. */
    record Reached(Milestone milestone) implements Fact {}

    /**
     * Events were lost since this was last said.
     *
     * @param count how many
     * @param reason why
     */
    record Dropped(long count, String reason) implements Fact {}
}
