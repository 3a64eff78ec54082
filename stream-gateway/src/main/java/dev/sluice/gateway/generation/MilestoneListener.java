package dev.sluice.gateway.generation;

/** Is told every milestone. Implementations are thread-safe, return at once and never throw. */
public interface MilestoneListener {

    /** Takes note of one fact. */
    void onMilestone(Milestone milestone);
}
