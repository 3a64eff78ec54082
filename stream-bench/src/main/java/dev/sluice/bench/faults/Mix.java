package dev.sluice.bench.faults;

import dev.sluice.bench.upstream.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Requests whose upstream calls fail one in five: a fifth of the first calls, of the second ones after them, and so on. The seed
 * decides which, and how; how many is the same for every seed.
 *
 * @param scripts what the provider plays, one for each request
 */
record Mix(List<Script> scripts) {

    private static final int ONE_IN = 5;
    private static final List<PassingFault> FAULTS = List.of(PassingFault.values());

    static Mix of(int requests, long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        List<Integer> failures = failures(requests);
        List<Script> scripts = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            int times = failures.remove(random.nextInt(failures.size()));
            Script script = Script.of(1 + random.nextInt(20), random.nextInt(10))
                    .seeded(random.nextLong(1_000_000_000_000L))
                    .tagged(i);
            scripts.add(times == 0 ? script : fault(random).in(script).forRequests(times));
        }
        return new Mix(List.copyOf(scripts));
    }

    /** Requests of which none meets a fault. */
    static Mix sound(int requests) {
        return new Mix(IntStream.range(0, requests)
                .mapToObj(number -> Script.of(10, 1).seeded(number))
                .toList());
    }

    /** How often each request fails upstream before it would succeed, in descending order of luck. */
    private static List<Integer> failures(int requests) {
        List<Integer> failures = new ArrayList<>();
        int left = requests;
        for (int times = 0; failures.size() < requests; times++) {
            int further = left / ONE_IN;
            for (int i = further; i < left; i++) {
                failures.add(times);
            }
            left = further;
        }
        return failures;
    }

    private static PassingFault fault(RandomGenerator random) {
        return FAULTS.get(random.nextInt(FAULTS.size()));
    }

    /** Whether the first call for a request fails. */
    static boolean failsFirst(Script script) {
        return script.failures() > 0;
    }

    long failingFirst() {
        return scripts.stream().filter(Mix::failsFirst).count();
    }
}
