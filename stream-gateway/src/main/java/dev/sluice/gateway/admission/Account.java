package dev.sluice.gateway.admission;

import dev.sluice.gateway.admission.Standing.Left;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;

/** What one caller has of the gateway. For one thread at a time. */
final class Account {

    private final Allowance allowance;
    private final Optional<Gcra> requests;
    private final Optional<Gcra> tokens;
    private final SequencedSet<Permit> waiting = new LinkedHashSet<>();
    private int running;

    Account(Allowance allowance, long nowNanos) {
        this.allowance = allowance;
        this.requests = allowance.requests().map(rate -> new Gcra(rate, nowNanos));
        this.tokens = allowance.tokens().map(rate -> new Gcra(rate, nowNanos));
    }

    /** Whether one more stream of this account may run. */
    boolean hasRoom() {
        return running < allowance.maxStreams().orElse(Integer.MAX_VALUE);
    }

    int running() {
        return running;
    }

    void started() {
        running++;
    }

    void ended() {
        running--;
    }

    /** Returns those that wait, who came first first. */
    SequencedSet<Permit> waiting() {
        return waiting;
    }

    boolean countsTokens() {
        return tokens.isPresent();
    }

    long requestWaitNanos(long nowNanos) {
        return requests.map(gcra -> gcra.waitNanos(1, nowNanos)).orElse(0L);
    }

    long tokenWaitNanos(long reserve, long nowNanos) {
        return tokens.map(gcra -> gcra.waitNanos(reserve, nowNanos)).orElse(0L);
    }

    /** Counts a request, and the tokens that it may cost. */
    void reserve(long reserve, long nowNanos) {
        requests.ifPresent(gcra -> gcra.take(1, nowNanos));
        tokens.ifPresent(gcra -> gcra.take(reserve, nowNanos));
    }

    /** The request was for nothing. */
    void withdraw(long reserved, long nowNanos) {
        requests.ifPresent(gcra -> gcra.giveBack(1, nowNanos));
        settle(reserved, 0, nowNanos);
    }

    /** The request has cost this, and not what was reserved. */
    void settle(long reserved, long used, long nowNanos) {
        tokens.ifPresent(gcra -> {
            if (used > reserved) {
                gcra.take(used - reserved, nowNanos);
            } else {
                gcra.giveBack(reserved - used, nowNanos);
            }
        });
    }

    /** Whether a new account would be the same. */
    boolean idle(long nowNanos) {
        return running == 0 && waiting.isEmpty() && rested(requests, nowNanos) && rested(tokens, nowNanos);
    }

    Standing standing(long nowNanos) {
        return new Standing(requests.map(gcra -> left(gcra, nowNanos)), tokens.map(gcra -> left(gcra, nowNanos)));
    }

    private static boolean rested(Optional<Gcra> gcra, long nowNanos) {
        return gcra.isEmpty() || gcra.get().restNanos(nowNanos) == 0;
    }

    private static Left left(Gcra gcra, long nowNanos) {
        return new Left(gcra.rate().burst(), gcra.remaining(nowNanos), Duration.ofNanos(gcra.restNanos(nowNanos)));
    }
}
