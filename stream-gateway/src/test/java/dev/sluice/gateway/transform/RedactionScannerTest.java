package dev.sluice.gateway.transform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionScannerTest {

    private static final int MAX_MATCH = 256;
    private static final List<Redaction> NAMED = Arrays.stream(NamedPattern.values())
            .map(named -> Redaction.named(named.wireName()).orElseThrow())
            .toList();
    private static final List<Redaction> ALL = Stream.concat(
                    NAMED.stream(),
                    Stream.of(
                            Redaction.literal("ACME"),
                            Redaction.literal("👋🏽"),
                            Redaction.expression("smile", Pattern.compile("[😀-😂]")),
                            Redaction.expression("employee", Pattern.compile("\\bEMP-\\d{2,6}\\b"))))
            .toList();

    private static String redact(List<Redaction> redactions, List<String> pieces) {
        RedactionScanner scanner = new RedactionScanner(redactions, MAX_MATCH);
        StringBuilder out = new StringBuilder();
        pieces.forEach(piece -> out.append(scanner.more(piece)));
        return out.append(scanner.finish()).toString();
    }

    private static String redact(String text) {
        return redact(NAMED, List.of(text));
    }

    private static String breakOff(List<Redaction> redactions, String text) {
        RedactionScanner scanner = new RedactionScanner(redactions, MAX_MATCH);
        return scanner.more(text) + scanner.breakOff();
    }

    /** The plain truth: every pattern at every place of the whole text, without windows and without holding anything. */
    private static String wholeText(List<Redaction> redactions, String text) {
        StringBuilder out = new StringBuilder();
        for (int at = 0; at < text.length(); ) {
            int longest = at;
            String replacement = "";
            for (Redaction redaction : redactions) {
                Matcher matcher = redaction
                        .pattern()
                        .matcher(text)
                        .useTransparentBounds(true)
                        .useAnchoringBounds(false)
                        .region(at, text.length());
                int end = matcher.lookingAt() ? redaction.accept(text, at, matcher.end()) : at;
                if (end > longest) {
                    longest = end;
                    replacement = redaction.replacement();
                }
            }
            if (longest > at) {
                out.append(replacement);
                at = longest;
            } else {
                int next = at + Character.charCount(text.codePointAt(at));
                out.append(text, at, next);
                at = next;
            }
        }
        return out.toString();
    }

    @Test
    void redactsPiecesAsItWouldTheWholeText() {
        long seed = System.nanoTime();
        System.out.println("seed of the redactions: " + seed);
        Random random = new Random(seed);
        int changed = 0;
        for (int round = 0; round < 5_000; round++) {
            String text = Cuts.text(random);
            String expected = wholeText(ALL, text);
            assertThat(redact(ALL, Cuts.of(text, random)))
                    .as("seed %d, round %d: %s", seed, round, text)
                    .isEqualTo(expected);
            changed += text.equals(expected) ? 0 : 1;
        }
        assertThat(changed).as("texts with something in them").isGreaterThan(1_000);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Write to joe.doe+x@mail.example.co.uk.           | Write to [EMAIL].
                    邮箱是joe@example.com吗                           | 邮箱是[EMAIL]吗
                    <joe@example.com>,jane@example.org;              | <[EMAIL]>,[EMAIL];
                    joe@localhost, @joe, a@b                         | joe@localhost, @joe, a@b
                    Card 4111 1111 1111 1111, 12/27                  | Card [CREDIT_CARD], 12/27
                    4111 1111 1111 1111 123                          | [CREDIT_CARD] 123
                    4111-1111-1111-1111 or 378282246310005.          | [CREDIT_CARD] or [CREDIT_CARD].
                    4111 1111 1111 1112 and 1234567890123            | 4111 1111 1111 1112 and 1234567890123
                    0000 0000 0000 0000                              | 0000 0000 0000 0000
                    Call +49 (0)30 1234567 or (555) 123-4567 now     | Call [PHONE] or [PHONE] now
                    0049 30 1234567; 555-123-4567                    | [PHONE]; [PHONE]
                    1+2, 2026-11-21, 10000000                        | 1+2, 2026-11-21, 10000000
                    at 192.168.17.4:8080                             | at [IP_ADDRESS]:8080
                    1.2.3 and 256.1.1.1                              | 1.2.3 and 256.1.1.1
                    fe80::1, ::1, 2001:db8::8a2e:370:7334            | [IP_ADDRESS], [IP_ADDRESS], [IP_ADDRESS]
                    ::ffff:10.0.0.1 and 1:2:3:4:5:6:7:8              | [IP_ADDRESS] and [IP_ADDRESS]
                    12:30:45, std::vector, a:b:c, ::, 1:2:3:4        | 12:30:45, std::vector, a:b:c, ::, 1:2:3:4
                    key sk-proj-abcdefghijklmnop1234 end             | key [API_KEY] end
                    ghp_abcdefghijklmnop1234 AKIAABCDEFGHIJKLMNOP    | [API_KEY] [API_KEY]
                    eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbg      | [API_KEY]
                    task-force, risk-averse, sk-short                | task-force, risk-averse, sk-short
                    Authorization: Bearer abcdefghijklmnop0123==     | Authorization: [BEARER_TOKEN]
                    the bearer of good news                          | the bearer of good news
                    IBAN DE89 3704 0044 0532 0130 00 BIC COBADEFF    | IBAN [IBAN] BIC COBADEFF
                    GB29NWBK60161331926819, DE88370400440532013000   | [IBAN], DE88370400440532013000
                    AT61 1904 3002 3457 3201 SOME WORD               | [IBAN] SOME WORD
                    """)
    void knowsWhatItsNamesSay(String text, String redacted) {
        assertThat(redact(text)).isEqualTo(redacted);
    }

    @Test
    void theLongestMatchWins() {
        List<Redaction> redactions =
                List.of(Redaction.literal("ACME"), Redaction.named("email").orElseThrow());

        assertThat(redact(redactions, List.of("ACME", "@example.com ACME"))).isEqualTo("[EMAIL] [REDACTED]");
    }

    /** For literals it is known to the character what has to be held: an end that begins one of them. */
    @Test
    void holdsNoMoreThanMayStillGrow() {
        long seed = System.nanoTime();
        System.out.println("seed of the literals: " + seed);
        Random random = new Random(seed);
        List<String> literals = List.of("abab", "bb", "abc");
        List<Redaction> redactions = literals.stream().map(Redaction::literal).toList();
        for (int round = 0; round < 20_000; round++) {
            RedactionScanner scanner = new RedactionScanner(redactions, MAX_MATCH);
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i >= 0; i--) {
                text.append((char) ('a' + random.nextInt(4)));
            }

            scanner.more(text.toString());

            assertThat(scanner.finish())
                    .as("seed %d: %s", seed, text)
                    .satisfies(held -> assertThat(literals)
                            .anyMatch(literal -> literal.startsWith(held) && !literal.equals(held)));
        }
    }

    @Test
    void holdsNothingAtTheEndOfALine() {
        long seed = System.nanoTime();
        System.out.println("seed of the lines: " + seed);
        Random random = new Random(seed);
        RedactionScanner scanner = new RedactionScanner(NAMED, MAX_MATCH);
        for (int round = 0; round < 2_000; round++) {
            String line = Cuts.text(random).replace('\n', ' ') + "\n";
            String out = "";
            for (String piece : Cuts.of(line, random)) {
                out += scanner.more(piece);
            }
            assertThat(out).as("seed %d: %s", seed, line).endsWith("\n").isEqualTo(wholeText(NAMED, line));
        }
    }

    @Test
    void releasesAWordAsSoonAsItCannotBeAnAddress() {
        RedactionScanner scanner =
                new RedactionScanner(List.of(Redaction.named("email").orElseThrow()), MAX_MATCH);

        assertThat(scanner.more("Hello")).isEmpty();
        assertThat(scanner.more(" ")).isEqualTo("Hello ");
        assertThat(scanner.more("日本語, ")).isEqualTo("日本語, ");
    }

    @Test
    void neverHoldsMoreThanOneMatchMayHave() {
        List<Redaction> redactions = List.of(
                Redaction.expression("span", Pattern.compile("a[^!]*!")),
                Redaction.named("email").orElseThrow());
        for (String piece : List.of("a", "a@", "1", "😀a", "a.")) {
            RedactionScanner scanner = new RedactionScanner(redactions, MAX_MATCH);
            int held = 0;
            for (int i = 0; i < 3_000; i++) {
                held += piece.length() - scanner.more(piece).length();
                assertThat(held).as(piece).isLessThanOrEqualTo(MAX_MATCH + 1);
            }
            assertThat(scanner.finish()).hasSize(held);
        }
    }

    @Test
    void matchBeyondTheBoundGoesOnToTheNextDelimiter() {
        String key = "sk-" + "x".repeat(1_000);
        Random random = new Random(3);

        for (int i = 0; i < 20; i++) {
            assertThat(redact(NAMED, Cuts.of("a " + key + " b \"" + key + "\", c", random)))
                    .isEqualTo("a [API_KEY] b \"[API_KEY]\", c");
        }
        assertThat(redact(NAMED, List.of(key))).isEqualTo("[API_KEY]");
    }

    @Test
    void patternThatNeedsMoreThanTheBoundDoesNotMatch() {
        List<Redaction> redactions = List.of(Redaction.expression("span", Pattern.compile("<s>.*</s>")));
        String tooLong = "<s>" + "x".repeat(MAX_MATCH) + "</s>";

        assertThat(redact(redactions, List.of("<s>x</s>"))).isEqualTo("[SPAN]");
        assertThat(redact(redactions, List.of(tooLong))).isEqualTo(tooLong);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    the last word              | the last word
                    write to joe@exam          | write to [EMAIL]
                    write to joe@example.com   | write to [EMAIL]
                    card 4111 1111 11          | card [CREDIT_CARD]
                    in 2026                    | in 2026
                    my key sk-abcdefg          | my key [API_KEY]
                    DE89 3704 0                | [IBAN]
                    """)
    void whatBreaksOffIsReleasedUnlessItTellsTooMuch(String text, String released) {
        assertThat(breakOff(NAMED, text)).isEqualTo(released);
    }

    @Test
    void halfOfALiteralTellsTooMuch() {
        List<Redaction> redactions = List.of(Redaction.literal("ACME"));

        assertThat(breakOff(redactions, "an A")).isEqualTo("an A");
        assertThat(breakOff(redactions, "an AC")).isEqualTo("an [REDACTED]");
        assertThat(breakOff(redactions, "an ACT")).isEqualTo("an ACT");
    }

    @Test
    void anyBeginningOfAnExpressionsMatchTellsTooMuch() {
        List<Redaction> redactions = List.of(Redaction.expression("employee", Pattern.compile("EMP-\\d{4}")));

        assertThat(breakOff(redactions, "an E")).isEqualTo("an [EMPLOYEE]");
        assertThat(breakOff(redactions, "an EMU")).isEqualTo("an EMU");
    }

    @Test
    void expressionThatRunsWildIsStoppedAndRedactsWhatItSaw() {
        List<Redaction> redactions = List.of(Redaction.expression("wild", Pattern.compile("(x+x+)+y\\1")));
        String text = "x".repeat(40);
        long started = System.nanoTime();

        String whole = redact(redactions, List.of(text));
        String pieces = redact(redactions, Cuts.of(text, new Random(1)));

        System.out.printf("wild expression: %d ms%n", (System.nanoTime() - started) / 1_000_000);
        assertThat(whole).isEqualTo("[WILD]").isEqualTo(pieces);
    }

    @Test
    void everyNamedPatternIsCheapOnWhateverIsThrownAtIt() {
        List<String> nasty = new ArrayList<>();
        for (String unit : List.of(
                "a", "a.", "a@", "a@a.", "1", "1 ", "1-", "+1", "1.", "1:", ":", "A1", "AB12 ", "sk-", "eyJ", "bearer ",
                "bearer", "(1", "0", "00", "1.1.1.", "f:f:", "_", "%")) {
            nasty.add(unit.repeat(2_000 / unit.length()));
        }
        long started = System.nanoTime();

        for (String text : nasty) {
            assertThat(redact(NAMED, List.of(text)).isEmpty()).isFalse();
            assertThat(redact(NAMED, List.of(text))).isEqualTo(redact(NAMED, Cuts.of(text, new Random(7))));
        }

        long micros = (System.nanoTime() - started) / 1_000 / nasty.size() / 3;
        System.out.printf("nasty texts: %d us for 2000 characters on average%n", micros);
        assertThat(micros).isLessThan(2_000_000);
    }
}
