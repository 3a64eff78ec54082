package dev.sluice.provider.http;

import dev.sluice.provider.Endpoint;
import dev.sluice.provider.Secret;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes a provider's words fit for a caller: without keys and addresses, on one line, not long. */
public final class PublicText {

    private static final int MAX_CHARACTERS = 300;

    /** Longer texts are cut before they are searched, since an upstream decides how long they are. */
    private static final int MAX_SEARCHED = 4 * MAX_CHARACTERS;

    private static final Pattern ADDRESS = Pattern.compile(
            "\\b\\w{2,10}://\\S+|\\b\\d{1,3}(\\.\\d{1,3}){3}(:\\d+)?\\b|\\[[0-9a-fA-F]*:[0-9a-fA-F:.]+](:\\d+)?");
    private static final Pattern KEY = Pattern.compile(
            "\\b(?i:bearer)\\s+\\S+|\\b(?:sk|pk|rk|gsk|xai|key|hf|nvapi)[-_][\\w*.-]{6,}|\\bAIza[\\w-]{10,}");
    private static final Pattern BLANKS = Pattern.compile("[\\p{Cntrl}\\s]+");

    private final Endpoint endpoint;

    /** Hides what belongs to this endpoint. */
    public PublicText(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /**
     * Returns the text in a form that may be shown.
     *
     * @param otherwise what to say where there is no text
     */
    public String of(@Nullable String text, String otherwise) {
        if (text == null || text.isBlank()) {
            return otherwise;
        }
        String shown = text.length() > MAX_SEARCHED ? text.substring(0, MAX_SEARCHED) : text;
        Secret key = endpoint.apiKey();
        if (key != null && !key.value().isBlank()) {
            shown = shown.replace(key.value(), "***");
        }
        for (String value : endpoint.headers().values()) {
            shown = value.length() < 8 ? shown : shown.replace(value, "***");
        }
        shown = KEY.matcher(shown).replaceAll("***");
        shown = ADDRESS.matcher(shown).replaceAll("***");
        String host = endpoint.baseUrl().getHost();
        if (host != null) {
            shown = shown.replace(host, "***");
        }
        shown = BLANKS.matcher(shown).replaceAll(" ").strip();
        return shown.length() > MAX_CHARACTERS ? shown.substring(0, MAX_CHARACTERS - 1) + "…" : shown;
    }
}
