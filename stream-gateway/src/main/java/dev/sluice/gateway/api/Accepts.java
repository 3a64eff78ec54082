package dev.sluice.gateway.api;

import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayException;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a client wants of the answer's form (RFC 9110, section 12.5.1, and RFC 7240). */
final class Accepts {

    private Accepts() {}

    /**
     * Returns the form that the client likes best; of several, the one that comes first in {@link AnswerForm}.
     *
     * @param accept the header, null where there is none
     * @throws GatewayException {@link ErrorCode#NOT_ACCEPTABLE} where it takes none
     */
    static AnswerForm form(@Nullable String accept) {
        if (accept == null || accept.isBlank()) {
            return AnswerForm.EVENT_STREAM;
        }
        AnswerForm best = AnswerForm.EVENT_STREAM;
        double highest = 0;
        for (AnswerForm form : AnswerForm.values()) {
            double quality = quality(form, accept.toLowerCase(Locale.ROOT));
            if (quality > highest) {
                highest = quality;
                best = form;
            }
        }
        if (highest == 0) {
            throw GatewayException.of(
                    ErrorCode.NOT_ACCEPTABLE,
                    "Streams are read as text/event-stream, application/x-ndjson or application/json.");
        }
        return best;
    }

    /** Whether the client asks for an answer at once, to read the stream later. */
    static boolean prefersAsync(HttpServerRequest http) {
        String prefer = http.getHeader("Prefer");
        return prefer != null && prefer.toLowerCase(Locale.ROOT).contains("respond-async");
    }

    /** The most specific range that matches says it. */
    private static double quality(AnswerForm form, String accept) {
        String type = form.mediaType().substring(0, form.mediaType().indexOf('/'));
        double quality = 0;
        int specificity = 0;
        for (String range : accept.split(",", -1)) {
            String[] parts = range.split(";", -1);
            String name = parts[0].strip();
            int matches = name.equals(form.mediaType()) ? 3 : name.equals(type + "/*") ? 2 : name.equals("*/*") ? 1 : 0;
            if (matches > specificity) {
                specificity = matches;
                quality = weight(parts);
            }
        }
        return quality;
    }

    private static double weight(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("q=")) {
                return number(parameter.substring(2));
            }
        }
        return 1;
    }

    /** A weight that is none counts as a whole one: such a header is nobody's wish to be refused. */
    private static double number(String text) {
        return text.matches("[01](\\.\\d{0,3})?") ? Double.parseDouble(text) : 1;
    }
}
