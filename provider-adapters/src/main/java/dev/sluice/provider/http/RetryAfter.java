package dev.sluice.provider.http;

import io.vertx.core.MultiMap;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads how long a provider asks us to stay away: {@code retry-after-ms}, {@code x-ms-retry-after-ms}, then
 * {@code Retry-After} in seconds or as a date (RFC 9110, 10.2.3 and 5.6.7, obsolete dates included).
 *
 * <p>A date in the past means now, and more than a day means a day. What is negative or no number is ignored.
 */
final class RetryAfter {

    private static final Duration LONGEST = Duration.ofDays(1);
    private static final List<String> IN_MILLISECONDS = List.of("retry-after-ms", "x-ms-retry-after-ms");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,40}(\\.\\d{0,40})?|\\.\\d{1,40}");

    private final InstantSource clock;

    RetryAfter(InstantSource clock) {
        this.clock = clock;
    }

    /** Returns the wait, null where none is asked for that makes sense. */
    @Nullable
    Duration read(MultiMap headers) {
        for (String name : IN_MILLISECONDS) {
            Duration wait = number(headers.get(name), 1);
            if (wait != null) {
                return wait;
            }
        }
        String value = headers.get("retry-after");
        Duration wait = number(value, 1000);
        return wait != null || value == null ? wait : untilDate(value.strip());
    }

    private static @Nullable Duration number(@Nullable String value, int milliseconds) {
        if (value == null || !NUMBER.matcher(value.strip()).matches()) {
            return null;
        }
        double wait = Double.parseDouble(value.strip()) * milliseconds;
        return Duration.ofMillis((long) Math.min(Math.ceil(wait), (double) LONGEST.toMillis()));
    }

    private @Nullable Duration untilDate(String value) {
        Instant now = clock.instant();
        for (DateTimeFormatter format : formats(now)) {
            Instant date = date(value, format);
            if (date != null) {
                Duration wait = Duration.between(now, date);
                return wait.compareTo(LONGEST) > 0 ? LONGEST : wait.isNegative() ? Duration.ZERO : wait;
            }
        }
        return null;
    }

    private static @Nullable Instant date(String value, DateTimeFormatter format) {
        try {
            return LocalDateTime.parse(value, format).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException _) {
            return null;
        }
    }

    /** A year of two digits means the one nearest to now that is at most fifty years ahead (RFC 9110, 5.6.7). */
    private static List<DateTimeFormatter> formats(Instant now) {
        int firstYear = now.atOffset(ZoneOffset.UTC).getYear() - 49;
        DateTimeFormatter rfc850 = new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern("EEEE, dd-MMM-")
                .appendValueReduced(ChronoField.YEAR, 2, 2, firstYear)
                .appendPattern(" HH:mm:ss 'GMT'")
                .toFormatter(Locale.ENGLISH);
        return List.of(Formats.IMF_FIXDATE, rfc850, Formats.ASCTIME);
    }

    private static final class Formats {
        static final DateTimeFormatter IMF_FIXDATE =
                DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH);
        static final DateTimeFormatter ASCTIME =
                DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ENGLISH);
    }
}
