package dev.sluice.bench.faults;

import dev.sluice.bench.child.Gateway;
import dev.sluice.bench.child.Provider;
import dev.sluice.bench.child.Run;
import dev.sluice.bench.net.Http;
import dev.sluice.bench.soak.OneAnswer;
import dev.sluice.bench.upstream.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code ./dev faults}: a provider one in five of whose calls fails in a way that passes, then one that answers nothing but 429 for
 * a while. Says what callers and providers notice of it, and whether that is good enough.
 */
public final class Faults {

    private static final int FAILED = 1;
    private static final int CALLERS = 40;

    /** Requests without faults that come first: a JVM that has just started would miss the short clocks by itself. */
    private static final int WARM_UP = 400;

    /** Names of providers as the gateway knows them: each has a breaker of its own. */
    private static final String FLAKY = "flaky";

    private static final String STORMY = "stormy";
    private static final int BREAKER_FAILURES = 10;
    private static final Duration PAUSE = Duration.ofSeconds(3);
    private static final int STORM_REQUESTS = 200;
    private static final int ATTEMPTS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Provider provider;
    private final Gateway gateway;
    private boolean good = true;

    private Faults(Provider provider, Gateway gateway) {
        this.provider = provider;
        this.gateway = gateway;
    }

    /**
     * Asks, counts, judges.
     *
     * @param arguments the command line
     * @param command starts a gateway
     * @return the exit code: 0 when everything held
     */
    public static int run(List<String> arguments, List<String> command) throws IOException, InterruptedException {
        FaultsOptions options = FaultsOptions.parse(arguments);
        try (Run run = Run.begin()) {
            Provider provider = new Provider(run);
            Gateway gateway = new Gateway(run, command, Http.freePort(), settings(provider));
            gateway.awaitReady();
            return new Faults(provider, gateway).judge(options) ? 0 : FAILED;
        }
    }

    /** Attempts as shipped; times short, so that a run takes seconds. */
    private static Map<String, String> settings(Provider provider) {
        String base = "http://127.0.0.1:" + provider.port() + "/v1";
        return Map.of(
                "SLUICE_PROVIDERS_FLAKY_BASE_URL",
                base,
                "SLUICE_PROVIDERS_STORMY_BASE_URL",
                base,
                "SLUICE_TELEMETRY_ENABLED",
                "false",
                "SLUICE_RESILIENCE_ATTEMPTS",
                Integer.toString(ATTEMPTS),
                "SLUICE_RESILIENCE_BACKOFF_BASE",
                "50ms",
                "SLUICE_RESILIENCE_TIMEOUTS_FIRST_CHUNK",
                "1s",
                "SLUICE_RESILIENCE_BREAKER_FAILURES",
                Integer.toString(BREAKER_FAILURES),
                "SLUICE_RESILIENCE_BREAKER_PAUSE",
                PAUSE.toSeconds() + "s");
    }

    private boolean judge(FaultsOptions options) throws IOException, InterruptedException {
        mix(Mix.of(options.requests(), options.seed()), options.seed());
        storm();
        recovery();
        return good;
    }

    private void mix(Mix mix, long seed) throws IOException, InterruptedException {
        say(
                "One upstream call in five fails: 500, 503, 429, a reset before the head, silence for the 1 s of the first chunk's clock.");
        say(String.format(
                Locale.ROOT,
                "%,d requests, %d at a time, seed %d.",
                mix.scripts().size(),
                CALLERS,
                seed));
        ask(Mix.sound(WARM_UP), new Outcomes());
        int before = sum(provider.calls());
        Outcomes outcomes = new Outcomes();
        ask(mix, outcomes);
        SortedMap<Integer, Integer> calls = provider.calls();
        int made = sum(calls) - before;
        say(String.format(
                Locale.ROOT,
                "  upstream calls   %,d, %.2f for a request, at most %d",
                made,
                (double) made / outcomes.requests(),
                calls.lastKey()));
        say("  added time       " + outcomes.addedTime() + ", for those whose first call failed");
        holds(
                outcomes.completed() * 100 >= outcomes.requests() * 99L,
                "completed        " + of(outcomes.completed(), outcomes.requests()) + ", at least 99 %");
        holds(
                outcomes.recoveredOnes() * 100 >= mix.failingFirst() * 90,
                "recovered        " + of(outcomes.recoveredOnes(), mix.failingFirst())
                        + " of those whose first call failed, at least 90 %");
        holds(
                outcomes.brokenOnes() == 0,
                "untold           " + outcomes.brokenOnes() + " ended without an end or with a wrong text");
    }

    private void ask(Mix mix, Outcomes outcomes) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(Thread.startVirtualThread(() -> {
                for (int at = next.getAndIncrement(); at < mix.scripts().size(); at = next.getAndIncrement()) {
                    ask(mix.scripts().get(at), outcomes);
                }
            }));
        }
        for (Thread caller : callers) {
            caller.join();
        }
    }

    private void ask(Script script, Outcomes outcomes) {
        long started = System.nanoTime();
        try {
            if (OneAnswer.isWhole(gateway.port(), FLAKY + "/" + script.model(), script)) {
                outcomes.whole(Mix.failsFirst(script), System.nanoTime() - started);
            } else {
                outcomes.refused();
            }
        } catch (IOException | IllegalStateException _) {
            outcomes.broken();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void storm() throws IOException, InterruptedException {
        say(String.format(
                Locale.ROOT,
                "%nEvery call is answered 429. %d requests, one after the other; the breaker opens by %d failures, for %d s.",
                STORM_REQUESTS,
                BREAKER_FAILURES,
                PAUSE.toSeconds()));
        int before = sum(provider.calls());
        boolean wasOpen = false;
        for (int i = 0; i < STORM_REQUESTS; i++) {
            Script script = steady(i).failing(429, 0);
            if (OneAnswer.isWhole(gateway.port(), STORMY + "/" + script.model(), script)) {
                holds(false, "an answer in the storm");
            }
            wasOpen = wasOpen || breakerIs("open");
        }
        int calls = sum(provider.calls()) - before;
        int without = STORM_REQUESTS * ATTEMPTS;
        holds(wasOpen, "breaker          " + (wasOpen ? "opened" : "never opened"));
        holds(
                calls * 10 < without,
                "upstream calls   " + of(calls, without) + " of those without a breaker, less than 10 %");
    }

    private void recovery() throws IOException, InterruptedException {
        say("\nThe provider is well again.");
        long started = System.nanoTime();
        int number = STORM_REQUESTS;
        boolean answered = false;
        while (!answered && System.nanoTime() - started < PATIENCE.toNanos()) {
            Script script = steady(number++);
            answered = OneAnswer.isWhole(gateway.port(), STORMY + "/" + script.model(), script);
            if (!answered) {
                Thread.sleep(50);
            }
        }
        holds(
                answered,
                String.format(
                        Locale.ROOT,
                        "answered         %s, %.1f s later",
                        answered ? "again" : "not",
                        (System.nanoTime() - started) / 1e9));
        boolean closed = breakerIs("closed");
        holds(closed, "breaker          " + (closed ? "closed" : "not closed"));
    }

    private static Script steady(int number) {
        return Script.of(5, 1).seeded(number).tagged(number);
    }

    private boolean breakerIs(String state) throws IOException {
        return gateway.metric("sluice_breaker_state", "state=\"" + state + "\",target=\"" + STORMY) == 1;
    }

    private static int sum(SortedMap<Integer, Integer> calls) {
        return calls.entrySet().stream()
                .mapToInt(entry -> entry.getKey() * entry.getValue())
                .sum();
    }

    private static String of(long part, long all) {
        return String.format(Locale.ROOT, "%,d of %,d (%.1f %%)", part, all, 100.0 * part / all);
    }

    private void holds(boolean holds, String what) {
        good &= holds;
        say((holds ? "  ok      " : "  FAILED  ") + what);
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
