package dev.sluice.gateway.api;

import dev.sluice.gateway.generation.GatewayException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations in query parameters: {@code 20s}, {@code 500ms}. */
final class Durations {

    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s)");

    private Durations() {}

    /**
     * Reads one.
     *
     * @param text what was given, null where nothing was
     * @param otherwise for nothing
     * @param max the longest one allowed
     * @throws GatewayException {@code INVALID_REQUEST} for what is none, or too long
     */
    static Duration parse(@Nullable String text, String param, Duration otherwise, Duration max) {
        if (text == null) {
            return otherwise;
        }
        Matcher form = FORM.matcher(text);
        if (form.matches()) {
            long value = Long.parseLong(form.group(1));
            Duration duration = form.group(2).equals("s") ? Duration.ofSeconds(value) : Duration.ofMillis(value);
            if (duration.compareTo(max) <= 0) {
                return duration;
            }
        }
        throw GatewayException.invalid(
                param, param + " must be a duration like 20s or 500ms, at most " + max.toSeconds() + "s.");
    }
}
