package dev.sluice.bench;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the user asked for.
 *
 * @param quick a look of some seconds instead of figures worth quoting
 * @param cases what is measured
 * @param wide so many streams at once in one more case, 0 for none
 * @param collector the address of a collector, empty to measure without telemetry
 */
record BenchOptions(boolean quick, Set<Case> cases, int wide, String collector) {

    /**
     * Reads the command line; {@code WIDE} in the environment means the same as {@code --wide}.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    static BenchOptions parse(List<String> arguments) {
        return parse(arguments, System.getenv());
    }

    static BenchOptions parse(List<String> arguments, Map<String, String> environment) {
        boolean quick = false;
        String only = "";
        String wide = environment.getOrDefault("WIDE", "0");
        String collector = "";
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            String option = rest.next();
            switch (option) {
                case "--quick" -> quick = true;
                case "--only" -> only = value(option, rest);
                case "--wide" -> wide = value(option, rest);
                case "--collector" -> collector = value(option, rest);
                default ->
                    throw new IllegalArgumentException("./dev bench does not know " + option
                            + "; it takes --quick, --only <cases>, --wide <streams> and --telemetry.");
            }
        }
        Set<Case> cases = only.isEmpty() ? Case.usual(quick) : Case.parse(only);
        return new BenchOptions(quick, cases, streams(wide), collector);
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(option + " needs a value.");
        }
        return rest.next();
    }

    private static int streams(String wide) {
        if (!wide.matches("\\d{1,6}")) {
            throw new IllegalArgumentException("WIDE is a number of streams, not " + wide + ".");
        }
        return Integer.parseInt(wide);
    }
}
