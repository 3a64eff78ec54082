package dev.sluice.gateway.weather;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.generation.Milestone;
import dev.sluice.gateway.resilience.GivenChain;
import dev.sluice.gateway.time.VirtualTimers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A weather that was lived through, and what it came to. */
final class Day {

    /** What {@link #line} holds. */
    static final String COLUMNS = String.format(
            Locale.ROOT,
            "%-24s %8s %9s %8s %5s %7s %7s %7s %7s %8s %7s %6s %6s",
            "weather",
            "requests",
            "answered",
            "calls/rq",
            "most",
            "lost50",
            "lost99",
            "fail50",
            "fail99",
            "openings",
            "probes",
            "calls",
            "in bad");

    private static final long SEED = 20_261_121;
    private static final Duration LENGTH = Duration.ofHours(1);

    private final Weather weather;
    private final List<Visit> visits;
    private final WeatheredProvider provider;
    private final GivenChain chain;
    private int probes;

    /** Lives through it, in no time. */
    Day(Weather weather) {
        this.weather = weather;
        VirtualTimers timers = new VirtualTimers();
        SplittableRandom random = new SplittableRandom(SEED);
        provider = new WeatheredProvider(timers, weather.spells(), random.split());
        chain = new GivenChain(weather.properties(), provider, timers, random.split()::nextDouble, this::note);
        visits = Stream.generate(() -> new Visit(chain, timers))
                .limit(weather.arrivals().size())
                .toList();
        for (int i = 0; i < visits.size(); i++) {
            timers.after(weather.arrivals().get(i), visits.get(i)::begin);
        }
        timers.advance(LENGTH);
        assertThat(visits).as("requests of %s", weather).allMatch(Visit::ended);
        assertThat(timers.pending()).as("alarms left by %s", weather).isZero();
        assertThat(provider.open()).as("calls left by %s", weather).isZero();
    }

    private void note(Milestone milestone) {
        if (milestone instanceof Milestone.BreakerChanged changed
                && changed.to().equals("half_open")) {
            probes++;
        }
    }

    List<Visit> visits() {
        return visits;
    }

    long answered() {
        return visits.stream().filter(Visit::answered).count();
    }

    long openings() {
        return chain.openings();
    }

    int callsInBadWeather() {
        return provider.callsInBadWeather();
    }

    /** Returns one row of the report. */
    String line() {
        return String.format(
                Locale.ROOT,
                "%-24s %8d %8.1f%% %8.2f %5d %7s %7s %7s %7s %8d %7d %6d %6d",
                weather.name(),
                visits.size(),
                100.0 * answered() / visits.size(),
                (double) provider.calls() / visits.size(),
                visits.stream().mapToInt(Visit::attempts).max().orElse(0),
                lost(50),
                lost(99),
                failedAfter(50),
                failedAfter(99),
                openings(),
                probes,
                provider.calls(),
                callsInBadWeather());
    }

    private String lost(int percent) {
        return percentile(percent, Visit::answered, Answer.fairTime());
    }

    private String failedAfter(int percent) {
        return percentile(percent, visit -> !visit.answered(), Duration.ZERO);
    }

    private String percentile(int percent, Predicate<Visit> which, Duration less) {
        long[] millis = visits.stream()
                .filter(which)
                .mapToLong(visit -> visit.took().minus(less).toMillis())
                .toArray();
        Arrays.sort(millis);
        return millis.length == 0
                ? "-"
                : String.format(Locale.ROOT, "%.2f", millis[Math.ceilDiv(millis.length * percent, 100) - 1] / 1_000.0);
    }
}
