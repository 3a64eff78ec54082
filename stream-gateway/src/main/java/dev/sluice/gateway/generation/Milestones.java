package dev.sluice.gateway.generation;

import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.util.List;

/** Hands every milestone to all who listen. Thread-safe. */
@Singleton
public final class Milestones {

    private final List<MilestoneListener> listeners;

    public Milestones(@All List<MilestoneListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    /** Tells everybody. */
    public void reached(Milestone milestone) {
        for (MilestoneListener listener : listeners) {
            listener.onMilestone(milestone);
        }
    }
}
