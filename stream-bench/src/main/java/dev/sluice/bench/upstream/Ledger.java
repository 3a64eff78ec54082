package dev.sluice.bench.upstream;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What the provider remembers between requests: scripts that it has read, who hung up when, and what was asked how often. */
final class Ledger {

    private static final int MAX_SCRIPTS = 1_000;
    private static final int MAX_NAMES = 10_000;

    private final Map<String, Events> events = new HashMap<>();
    private final Map<Long, Long> departures = new HashMap<>();
    private final Map<String, Integer> calls = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > MAX_NAMES;
        }
    };
    private int connections;

    Events events(String model) {
        if (events.size() >= MAX_SCRIPTS) {
            events.clear();
        }
        return events.computeIfAbsent(model, name -> new Events(name, Script.parse(name)));
    }

    /** Counts a request. Whether it is one of those that the script's faults are for. */
    boolean faultsAreFor(String model, Script script) {
        int call = calls.merge(model, 1, Integer::sum);
        return script.failures() == 0 || call <= script.failures();
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

    /** Returns a line for each number of requests that a name had: the number, and how many names had it. */
    String calls() {
        Map<Integer, Integer> names = new TreeMap<>();
        calls.values().forEach(number -> names.merge(number, 1, Integer::sum));
        StringBuilder lines = new StringBuilder();
        names.forEach(
                (number, had) -> lines.append(number).append(' ').append(had).append('\n'));
        return lines.toString();
    }
}
