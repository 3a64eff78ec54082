package dev.sluice.gateway.weather;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WeatherTest {

    private static final Path REPORT = Path.of("..", "docs", "weather.txt");
    private static final String WRITE = "weather.write";
    private static final String HEAD = """
            Weather: bad days of providers, lived through in virtual time by the gateway's chain of targets, its guard, breakers and clocks.
            Chance is seeded, so that a difference from one version to the next is a difference of behaviour. After a change that is meant:
            mvn -pl stream-gateway -am test -Dtest=WeatherTest -Dsurefire.failIfNoSpecifiedTests=false -Dweather.write=true

            answered        in whole, of the requests
            calls/rq, most  upstream calls for a request, all targets together: mean and most
            lost50, lost99  seconds by which a whole answer came later than on a calm day, median and 99th percentile
            fail50, fail99  seconds from a request to its failure
            openings        of breakers, from closed to open
            probes          calls by which a breaker looked whether its target is well again
            calls, in bad   upstream calls in all, and those that met what is wrong

            """;

    static List<Weather> weathers() {
        return Weather.all();
    }

    @Test
    void theReportIsTheCommittedOne() throws IOException {
        String report = report();
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(REPORT, report);
        }
        assertThat(report)
                .as(
                        "docs/weather.txt differs; look at what changed. If it is meant, run this test with -D%s=true",
                        WRITE)
                .isEqualTo(Files.readString(REPORT));
    }

    @ParameterizedTest
    @MethodSource("weathers")
    void noCallerSeesAnythingTwiceOrFromTwoCalls(Weather weather) {
        assertThat(new Day(weather).visits()).allMatch(Visit::faithful);
    }

    @Test
    void onACalmDayEachRequestIsOneCall() {
        assertThat(new Day(Weather.calm()).visits())
                .allMatch(visit -> visit.answered()
                        && visit.attempts() == 1
                        && visit.took().equals(Answer.fairTime()));
    }

    @Test
    void breakersKeepNineOfTenCallsFromAProviderThatThrottles() {
        Day day = new Day(Weather.storm());
        Day without = new Day(Weather.stormWithoutBreakers());

        assertThat(day.openings()).isPositive();
        assertThat(without.openings()).isZero();
        assertThat(day.callsInBadWeather())
                .isLessThan((int) (Weather.storm().arrivalsInBadWeather() / 10))
                .isLessThan(without.callsInBadWeather() / 10);
    }

    @Test
    void whereOneOfThreeTargetsIsDownEverybodyIsAnswered() {
        Day day = new Day(Weather.oneOfThreeDown());

        assertThat(day.visits()).allMatch(Visit::answered);
        assertThat(day.callsInBadWeather()).isLessThan(day.visits().size() / 10);
    }

    private static String report() {
        String days = Weather.all().stream()
                .map(weather -> new Day(weather).line() + "\n")
                .collect(joining());
        String legend = Weather.all().stream()
                .map(weather -> String.format(Locale.ROOT, "%-24s %s\n", weather.name(), weather.about()))
                .collect(joining());
        return HEAD + legend + "\n" + Day.COLUMNS + "\n" + days;
    }
}
