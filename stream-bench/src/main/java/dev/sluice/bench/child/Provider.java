package dev.sluice.bench.child;

import dev.sluice.bench.net.Http;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The provider in a process of its own: with a core, a heap and a limit of open files for itself. */
public final class Provider extends Child {

    private final int port;

    /** Starts it and waits until it listens. */
    public Provider(Run run) throws IOException {
        super(run, "provider", command(), Map.of(), true);
        BufferedReader said = process().inputReader();
        String line = said.readLine();
        if (line == null) {
            throw new IOException("The provider of the bench did not start.");
        }
        port = Integer.parseInt(line);
    }

    private static List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.sluice.bench.Main",
                "upstream",
                "--");
    }

    public int port() {
        return port;
    }

    /** Returns how many connections it has. */
    public int connections() throws IOException {
        return Integer.parseInt(Http.get(port, "/connections").body());
    }

    /** Returns when the readers of tagged streams hung up, since the last call: tag and time of {@link System#nanoTime}. */
    public Map<Long, Long> departures() throws IOException {
        Map<Long, Long> departures = new HashMap<>();
        Http.get(port, "/departures").body().lines().forEach(line -> {
            int space = line.indexOf(' ');
            departures.put(Long.parseLong(line.substring(0, space)), Long.parseLong(line.substring(space + 1)));
        });
        return departures;
    }

    /** Returns how often names were asked for, since its start: numbers of requests, and how many names had that number. */
    public SortedMap<Integer, Integer> calls() throws IOException {
        SortedMap<Integer, Integer> calls = new TreeMap<>();
        Http.get(port, "/calls").body().lines().forEach(line -> {
            int space = line.indexOf(' ');
            calls.put(Integer.valueOf(line.substring(0, space)), Integer.valueOf(line.substring(space + 1)));
        });
        return calls;
    }
}
