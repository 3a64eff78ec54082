package dev.sluice.gateway.pipeline;

import dev.sluice.gateway.generation.Milestone;
import dev.sluice.gateway.generation.MilestoneListener;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Hears every milestone. */
@Alternative
@Singleton
class MilestoneTap implements MilestoneListener {

    private final Queue<Milestone> heard = new ConcurrentLinkedQueue<>();
    private final Map<String, String> breakers = new ConcurrentHashMap<>();

    @Override
    public void onMilestone(Milestone milestone) {
        if (milestone instanceof Milestone.BreakerChanged changed) {
            breakers.put(changed.target().endpoint().name(), changed.to());
        } else {
            heard.add(milestone);
        }
    }

    /** Returns what was heard since the last time, in order, without the changes of breakers. */
    List<Milestone> take() {
        List<Milestone> all = List.copyOf(heard);
        heard.clear();
        return all;
    }

    /** Returns the state that a provider's breaker was last said to be in. */
    String breaker(String provider) {
        return breakers.getOrDefault(provider, "closed");
    }
}
