package dev.sluice.bench.upstream;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the provider remembers between requests: scripts that it has read, who hung up when, and whom it refused how often. */
final class Ledger {

    private static final int MAX_SCRIPTS = 1_000;
    private static final int MAX_REFUSALS = 10_000;

    private final Map<String, Events> events = new HashMap<>();
    private final Map<Long, Long> departures = new HashMap<>();
    private final Map<String, Integer> refusals = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > MAX_REFUSALS;
        }
    };
    private int connections;

    Events events(String model) {
        if (events.size() >= MAX_SCRIPTS) {
            events.clear();
        }
        return events.computeIfAbsent(model, name -> new Events(name, Script.parse(name)));
    }

    /** Whether this request is one of those that the script refuses. */
    boolean refuses(String model, Script script) {
        if (script.status() == 0) {
            return false;
        }
        return script.failures() == 0 || refusals.merge(model, 1, Integer::sum) <= script.failures();
    }

    void opened() {
        connections++;
    }

    void closed() {
        connections--;
    }

    /** A connection was closed amid a stream. */
    void departed(Script script) {
        if (script.tag() >= 0) {
            departures.put(script.tag(), System.nanoTime());
        }
    }

    /** Returns how many connections are open, the one that asks not counted. */
    String connections() {
        return Integer.toString(connections - 1);
    }

    /** Returns a line for each tagged stream whose reader hung up: tag and time. Forgets them. */
    String departures() {
        StringBuilder lines = new StringBuilder();
        departures.forEach(
                (tag, nanos) -> lines.append(tag).append(' ').append(nanos).append('\n'));
        departures.clear();
        return lines.toString();
    }
}
