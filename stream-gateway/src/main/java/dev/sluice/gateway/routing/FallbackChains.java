package dev.sluice.gateway.routing;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/** Follows fallbacks from name to name. */
final class FallbackChains {

    private final Map<String, List<String>> fallbacks;

    /**
     * @param fallbacks of each public name, those that it names itself; a name without an entry leads nowhere
     */
    FallbackChains(Map<String, List<String>> fallbacks) {
        this.fallbacks = fallbacks;
    }

    /**
     * Returns a name and all that it leads to: each fallback, followed by what that one leads to, before the next one. Each name
     * once.
     *
     * @throws ConfigurationException where a name leads back to itself
     */
    SequencedSet<String> from(String name) {
        SequencedSet<String> found = new LinkedHashSet<>();
        follow(name, new ArrayList<>(), found);
        return found;
    }

    private void follow(String name, List<String> way, SequencedSet<String> found) {
        int before = way.indexOf(name);
        if (before >= 0) {
            throw new ConfigurationException("sluice.models." + way.getLast() + ".fallbacks closes a loop: "
                    + String.join(" -> ", way.subList(before, way.size())) + " -> " + name + ".");
        }
        if (found.add(name)) {
            way.add(name);
            fallbacks.getOrDefault(name, List.of()).forEach(next -> follow(next, way, found));
            way.removeLast();
        }
    }
}
