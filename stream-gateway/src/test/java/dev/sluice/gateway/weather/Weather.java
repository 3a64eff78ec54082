package dev.sluice.gateway.weather;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A bad day with a name.
 *
 * @param name for people
 * @param about what happens
 * @param arrivals when requests come, since the beginning
 * @param providers in the order in which the model lists them
 * @param settings what differs from the gateway's defaults
 * @param spells what goes wrong
 */
record Weather(
        String name,
        String about,
        List<Duration> arrivals,
        List<String> providers,
        Map<String, String> settings,
        List<Spell> spells) {

    /** The only model there is. */
    static final String MODEL = "chat";

    private static final int SECONDS = 600;
    private static final String NEAR = "near";
    private static final String MIDDLE = "middle";
    private static final String FAR = "far";
    private static final String FIRST_CHUNK = "sluice.resilience.timeouts.first-chunk";
    private static final String PAUSE = "sluice.resilience.breaker.pause";
    private static final String FAILURES = "sluice.resilience.breaker.failures";

    /** In the order of the report. */
    static List<Weather> all() {
        return List.of(
                calm(),
                slowUpstream(),
                blackHole(),
                blackHole()
                        .with(
                                "black hole, 10 s",
                                "the same, given up after 10 s without a first chunk",
                                FIRST_CHUNK,
                                "10s"),
                blackHole()
                        .with("black hole, 10 s, of two", "the same with a second target", FIRST_CHUNK, "10s")
                        .orElse(FAR),
                storm(),
                stormWithoutBreakers(),
                storm().named("429 storm, of two", "the same with a second target")
                        .orElse(FAR),
                diesMidStream(),
                flapping(),
                flapping().with("flapping, pause 5 s", "25 s up, 12 s down, with breaker.pause of 5 s", PAUSE, "5s"),
                flappingInStep(),
                flapping()
                        .named("flapping, of two", "25 s up, 12 s down, with a second target")
                        .orElse(FAR),
                oneOfThreeDown(),
                herd(),
                herd().named("herd of 1000, of two", "the same with a second target")
                        .orElse(FAR));
    }

    static Weather calm() {
        return steady("calm", "nothing goes wrong");
    }

    private static Weather slowUpstream() {
        return steady("slow upstream", "from 60 s to 180 s the first chunk takes 20 s")
                .when(Spell.of(NEAR, 60, 180, Answer.begunAfter(Duration.ofSeconds(20))));
    }

    private static Weather blackHole() {
        return steady("black hole", "from 60 s to 180 s calls are accepted, and nothing comes")
                .when(Spell.of(NEAR, 60, 180, Answer.NOTHING));
    }

    static Weather storm() {
        return steady("429 storm", "from 60 s to 360 s every call is answered 429")
                .when(Spell.of(NEAR, 60, 360, Answer.throttled()));
    }

    static Weather stormWithoutBreakers() {
        return storm().with("429 storm, no breaker", "the same, were there no breakers", FAILURES, "1000000");
    }

    private static Weather diesMidStream() {
        return steady("dies mid-stream", "from 60 s to 360 s three of ten answers break off in the middle")
                .when(Spell.of(NEAR, 60, 360, Answer.dying()).hitting(0.3));
    }

    private static Weather flapping() {
        return flapping("flapping", "25 s up, 12 s down with 503, over and over", 25, 12);
    }

    /** Were the breaker's pause always a multiple of the period, each probe would come at the same point of it. */
    private static Weather flappingInStep() {
        return flapping(
                "flapping in step", "20 s up, 10 s down: after exactly 60 s each probe would meet the same", 20, 10);
    }

    private static Weather flapping(String name, String about, int upSeconds, int downSeconds) {
        Weather flapping = steady(name, about);
        for (int from = upSeconds; from < SECONDS; from += upSeconds + downSeconds) {
            flapping = flapping.when(Spell.of(NEAR, from, from + downSeconds, Answer.overloaded()));
        }
        return flapping;
    }

    static Weather oneOfThreeDown() {
        return steady("one of three down", "nobody listens at the first of three targets, all the time")
                .orElse(MIDDLE)
                .orElse(FAR)
                .when(Spell.of(NEAR, 0, 3_600, Answer.unreachable()));
    }

    private static Weather herd() {
        return new Weather(
                        "herd of 1000",
                        "1000 clients at once; the target bears 100 calls, others get 429",
                        IntStream.range(0, 1_000).mapToObj(_ -> Duration.ZERO).toList(),
                        List.of(NEAR),
                        Map.of(),
                        List.of())
                .when(Spell.of(NEAR, 0, 3_600, Answer.throttled()).beyond(100));
    }

    /** One request in a second for ten minutes, to a single target. */
    private static Weather steady(String name, String about) {
        return new Weather(
                name,
                about,
                IntStream.range(0, SECONDS).mapToObj(Duration::ofSeconds).toList(),
                List.of(NEAR),
                Map.of(),
                List.of());
    }

    private Weather named(String newName, String newAbout) {
        return new Weather(newName, newAbout, arrivals, providers, settings, spells);
    }

    private Weather with(String newName, String newAbout, String property, String value) {
        return new Weather(newName, newAbout, arrivals, providers, Map.of(property, value), spells);
    }

    private Weather orElse(String provider) {
        List<String> more = new ArrayList<>(providers);
        more.add(provider);
        return new Weather(name, about, arrivals, more, settings, spells);
    }

    private Weather when(Spell spell) {
        List<Spell> more = new ArrayList<>(spells);
        more.add(spell);
        return new Weather(name, about, arrivals, providers, settings, more);
    }

    /** Returns the gateway's configuration. */
    Map<String, String> properties() {
        Map<String, String> properties = new HashMap<>(settings);
        providers.forEach(provider -> properties.put("sluice.providers." + provider + ".adapter", "simulator"));
        properties.put(
                "sluice.models." + MODEL + ".targets",
                providers.stream().map(provider -> provider + "/model").collect(joining(",")));
        return properties;
    }

    /** Returns how many requests come while a spell lasts. */
    long arrivalsInBadWeather() {
        return arrivals.stream()
                .filter(at -> spells.stream()
                        .anyMatch(spell -> at.compareTo(spell.from()) >= 0 && at.compareTo(spell.to()) < 0))
                .count();
    }

    @Override
    public String toString() {
        return name;
    }
}
