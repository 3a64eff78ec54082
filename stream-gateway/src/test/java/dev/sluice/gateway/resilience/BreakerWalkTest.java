package dev.sluice.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.generation.Milestone.ChangedBy;
import dev.sluice.gateway.resilience.Breaker.Entry;
import dev.sluice.gateway.resilience.Breaker.Outcome;
import dev.sluice.gateway.resilience.BreakerState.Closed;
import dev.sluice.gateway.resilience.BreakerState.HalfOpen;
import dev.sluice.gateway.resilience.BreakerState.Open;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Random calls that overlap, last, fail, go away and get lost, beside a naive model of what the rules count. */
class BreakerWalkTest {

    private static final Duration PAUSE = Duration.ofSeconds(60);
    private static final Duration SHORTEST = Duration.ofSeconds(42);
    private static final Duration LEASE = Duration.ofSeconds(100);
    private static final Set<String> LEGAL = Set.of(
            "closed > open CALLS",
            "open > half_open CALLS",
            "half_open > closed CALLS",
            "half_open > open CALLS",
            "open > closed PERSON",
            "half_open > closed PERSON");
    private static final List<Outcome> OUTCOMES = List.of(Outcome.values());
    private static final int WALKS = 300;
    private static final int STEPS = 1_000;

    private record Call(long ticket, long sinceNanos, boolean probe) {}

    @Test
    void neverMovesIllegallyAndNeverHasTwoProbes() {
        long seed = System.nanoTime();
        System.out.println("BreakerWalkTest seed " + seed);
        Random random = new Random(seed);
        for (int walk = 0; walk < WALKS; walk++) {
            OpeningRule rule =
                    random.nextBoolean() ? new OpeningRule.FailuresInARow(1 + random.nextInt(6)) : ratio(random);
            walk(rule, random, "seed " + seed + " walk " + walk + " " + rule);
        }
    }

    private static OpeningRule ratio(Random random) {
        int window = 1 + random.nextInt(130);
        return new OpeningRule.FailureRatio((1 + random.nextInt(10)) / 10.0, window, 1 + random.nextInt(window));
    }

    private static void walk(OpeningRule rule, Random random, String about) {
        List<String> moves = new ArrayList<>();
        Deque<Boolean> failed = new ArrayDeque<>();
        Breaker breaker = new Breaker(new BreakerPolicy(rule, PAUSE), random::nextDouble, (from, to, by) -> {
            moves.add(from.wireName() + " > " + to.wireName() + " " + by);
            failed.clear();
        });
        List<Call> calls = new ArrayList<>();
        long now = random.nextLong();
        for (int step = 0; step < STEPS; step++) {
            long time = now;
            BreakerState before = breaker.state();
            switch (random.nextInt(8)) {
                case 0 -> now += Duration.ofSeconds(random.nextInt(40)).toNanos();
                case 1, 2, 3 -> {
                    if (breaker.enter(now, LEASE) instanceof Entry.Passed passed) {
                        boolean probe = breaker.state() instanceof HalfOpen;
                        assertThat(before instanceof Closed || probe).as(about).isTrue();
                        assertThat(calls)
                                .as("%s: probes that may still decide", about)
                                .noneMatch(call -> probe
                                        && call.probe()
                                        && call.ticket() == holder(before)
                                        && time - call.sinceNanos() < LEASE.toNanos());
                        calls.add(new Call(passed.ticket(), now, probe));
                    } else {
                        assertThat(before).as(about).isNotInstanceOf(Closed.class);
                    }
                }
                case 4, 5, 6 -> {
                    if (!calls.isEmpty()) {
                        Call call = calls.get(random.nextInt(calls.size()));
                        if (random.nextBoolean()) {
                            breaker.firstChunk(call.ticket());
                        } else {
                            calls.remove(call);
                            Outcome outcome = OUTCOMES.get(random.nextInt(OUTCOMES.size()));
                            if (before instanceof Closed && outcome != Outcome.NEUTRAL) {
                                failed.addLast(outcome == Outcome.FAILURE);
                            }
                            breaker.settle(call.ticket(), outcome, now);
                        }
                    }
                }
                default -> {
                    if (random.nextInt(20) == 0) {
                        failed.clear();
                        breaker.reset();
                    }
                }
            }
            if (breaker.state() instanceof Open open && !before.equals(open)) {
                // A probe that said nothing lets the next call pass at once.
                long pause = open.untilNanos() - time;
                assertThat(pause == 0 || (pause > SHORTEST.toNanos() && pause <= PAUSE.toNanos()))
                        .as("%s: a pause of %d ns", about, pause)
                        .isTrue();
            }
            if (breaker.state() instanceof Closed closed) {
                assertThat(closed.failures()).as(about).isEqualTo(expected(rule, failed));
            }
        }
        assertThat(LEGAL).as(about).containsAll(moves);
        assertThat(moves.stream().filter("closed > open CALLS"::equals).count())
                .as(about)
                .isEqualTo(breaker.openings());
        assertThat(moves.stream().filter(move -> move.endsWith(ChangedBy.PERSON.name())))
                .as(about)
                .allMatch(move -> move.contains("> closed"));
    }

    private static long holder(BreakerState state) {
        return state instanceof HalfOpen halfOpen ? halfOpen.probe() : -1;
    }

    /** Counts naively what the rule should know. */
    private static int expected(OpeningRule rule, Deque<Boolean> failed) {
        List<Boolean> all = List.copyOf(failed);
        return switch (rule) {
            case OpeningRule.FailuresInARow _ -> all.size() - 1 - all.lastIndexOf(false);
            case OpeningRule.FailureRatio ratio ->
                (int) all.subList(Math.max(0, all.size() - ratio.window()), all.size()).stream()
                        .filter(one -> one)
                        .count();
        };
    }
}
