package dev.sluice.bench.faults;

import java.util.Iterator;
import java.util.List;

/**
 * What the user asked for.
 *
 * @param requests how many
 * @param seed decides which of their upstream calls fail, and how
 */
record FaultsOptions(int requests, long seed) {

    private static final int REQUESTS = 1_000;
    private static final int QUICK_REQUESTS = 300;
    private static final String SEED = "\\d{1,9}";

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    static FaultsOptions parse(List<String> arguments) {
        int requests = REQUESTS;
        long seed = 1;
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            String option = rest.next();
            String value = option.equals("--seed") && rest.hasNext() ? rest.next() : "";
            if (option.equals("--quick")) {
                requests = QUICK_REQUESTS;
            } else if (value.matches(SEED)) {
                seed = Long.parseLong(value);
            } else {
                throw new IllegalArgumentException(
                        "./dev faults takes --quick and --seed <number>, not " + (option + " " + value).strip() + ".");
            }
        }
        return new FaultsOptions(requests, seed);
    }
}
