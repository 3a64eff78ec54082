package dev.sluice.gateway.admission;

import java.util.Optional;

/**
 * What a caller may do.
 *
 * @param account under which name it is counted; callers of one account share it
 * @param maxStreams streams at the same time, from 1
 * @param requests how often streams may be started
 * @param tokens how much prompts and answers may cost
 */
public record Allowance(String account, Optional<Integer> maxStreams, Optional<Rate> requests, Optional<Rate> tokens) {

    /** An account without limits. */
    public static Allowance unlimited(String account) {
        return new Allowance(account, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Whether its requests or tokens are limited. */
    public boolean limitsRates() {
        return requests.isPresent() || tokens.isPresent();
    }
}
