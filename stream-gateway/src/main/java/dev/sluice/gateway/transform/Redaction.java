package dev.sluice.gateway.transform;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Something that must not be told, and what to say in its place. Immutable. */
public final class Redaction {

    /** Every name that {@link #named} knows, for messages. */
    public static final String NAMES =
            Arrays.stream(NamedPattern.values()).map(NamedPattern::wireName).collect(Collectors.joining(", "));

    private static final int ASCII = 128;
    private static final String PLAIN = "[REDACTED]";

    private final String replacement;
    private final Pattern pattern;
    private final Check check;
    private final @Nullable Pattern telltale;
    private final BitSet firstCharacters;
    private final boolean mayStartBeyondAscii;

    private Redaction(
            String replacement,
            Pattern pattern,
            Check check,
            @Nullable Pattern telltale,
            BitSet firstCharacters,
            boolean mayStartBeyondAscii) {
        this.replacement = replacement;
        this.pattern = pattern;
        this.check = check;
        this.telltale = telltale;
        this.firstCharacters = firstCharacters;
        this.mayStartBeyondAscii = mayStartBeyondAscii;
    }

    /** Returns the redaction of a known kind, for example {@code email}; empty for a name that is none. */
    public static Optional<Redaction> named(String name) {
        return NamedPattern.parse(name).map(Redaction::of);
    }

    /**
     * Returns the redaction of a word or phrase, wherever it stands and exactly as it is written.
     *
     * @param text not empty
     */
    public static Redaction literal(String text) {
        BitSet first = new BitSet(ASCII);
        char start = text.charAt(0);
        if (start < ASCII) {
            first.set(start);
        }
        Pattern half = Pattern.compile("(?s).{" + Math.ceilDiv(text.length(), 2) + ",}");
        return new Redaction(PLAIN, Pattern.compile(text, Pattern.LITERAL), Check.NONE, half, first, start >= ASCII);
    }

    /**
     * Returns the redaction of an expression, which may cost what it likes only within bounds: see the guide.
     *
     * @param name becomes the replacement, in capitals
     */
    public static Redaction expression(String name, Pattern pattern) {
        BitSet all = new BitSet(ASCII);
        all.set(0, ASCII);
        return new Redaction(replacement(name), pattern, Check.NONE, null, all, true);
    }

    private static Redaction of(NamedPattern named) {
        BitSet first = new BitSet(ASCII);
        for (char character = 0; character < ASCII; character++) {
            var one = named.pattern().matcher(String.valueOf(character));
            if (one.lookingAt() || one.hitEnd()) {
                first.set(character);
            }
        }
        return new Redaction(
                replacement(named.wireName()), named.pattern(), named.check(), named.telltale(), first, false);
    }

    private static String replacement(String name) {
        return "[" + name.toUpperCase(Locale.ROOT) + "]";
    }

    String replacement() {
        return replacement;
    }

    Pattern pattern() {
        return pattern;
    }

    /** Whether a match may start with this character. */
    boolean mayStartWith(char character) {
        return character < ASCII ? firstCharacters.get(character) : mayStartBeyondAscii;
    }

    /** Returns the end of what is to be redacted of a match; {@code from} where nothing is. */
    int accept(CharSequence text, int from, int to) {
        return check.accept(text, from, to);
    }

    /** Whether the beginning of a match that never came to its end tells too much to be passed on. */
    boolean tells(CharSequence text, int from) {
        return telltale == null
                || telltale.matcher(text).region(from, text.length()).lookingAt();
    }
}
