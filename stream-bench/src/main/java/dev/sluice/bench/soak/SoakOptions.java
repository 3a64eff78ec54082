package dev.sluice.bench.soak;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;

/**
 * What the user asked for.
 *
 * @param load for how long there is load; the pauses in which figures are taken come on top
 * @param seed decides what the readers do and what the provider says
 */
record SoakOptions(Duration load, long seed) {

    private static final int DEFAULT_MINUTES = 60;
    private static final int ROUNDS = 12;
    private static final Duration SHORTEST_ROUND = Duration.ofSeconds(20);

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    static SoakOptions parse(List<String> arguments) {
        Duration load = Duration.ofMinutes(DEFAULT_MINUTES);
        long seed = System.currentTimeMillis() % 1_000_000;
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            String argument = rest.next();
            if (argument.equals("--seed") && rest.hasNext()) {
                seed = number(rest.next(), 1_000_000_000);
            } else {
                load = Duration.ofMinutes(number(argument, 24 * 60));
            }
        }
        return new SoakOptions(load, seed);
    }

    private static int number(String text, int most) {
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) > most || Integer.parseInt(text) == 0) {
            throw new IllegalArgumentException(
                    "./dev soak takes minutes and --seed <number>; " + text + " is neither.");
        }
        return Integer.parseInt(text);
    }

    /** Returns how long one round of load is. */
    Duration round() {
        Duration even = load.dividedBy(ROUNDS);
        return even.compareTo(SHORTEST_ROUND) < 0 ? SHORTEST_ROUND : even;
    }

    /** Returns how many rounds there are, at least three. */
    int rounds() {
        return (int) Math.max(3, load.dividedBy(round()));
    }
}
