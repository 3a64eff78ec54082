package dev.sluice.gateway.transform;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The patterns that callers may choose by name. Each starts with ASCII, looks back by negative lookbehind only, and costs no
 * more than a few looks at each character. None of them is complete: they are what people most often mean.
 */
enum NamedPattern {
    /** ASCII addresses with a domain of at least two labels. */
    EMAIL(
            "email",
            "(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,128}+@(?:[A-Za-z0-9][A-Za-z0-9-]{0,62}+\\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9-])",
            Check.NONE,
            "[A-Za-z0-9._%+-]+@"),
    /** 13 to 19 digits, blanks and hyphens between them allowed, with a right check digit. */
    CREDIT_CARD("credit_card", "(?<!\\d)\\d(?:[ -]?\\d){12,18}(?!\\d)", Check.CARD_NUMBER, "\\d(?:[ -]?\\d){5}"),
    /** International numbers with + or 00, and North American ones with separators. */
    PHONE(
            "phone",
            "(?<![A-Za-z0-9_+])(?:(?:\\+|00)[1-9](?:[ .()/-]{0,2}+\\d){6,14}"
                    + "|(?:\\(\\d{3}\\) ?|\\d{3}[ .-])\\d{3}[ .-]\\d{4}(?!\\d))",
            Check.NONE,
            "[+(]?\\d(?:[ .()/-]{0,2}\\d){5}"),
    /** IPv4 and IPv6; what looks like IPv4 may be a version of four numbers. */
    IP_ADDRESS(
            "ip_address",
            "(?<![A-Za-z0-9_.:])(?:" + Pieces.IPV4 + "(?![A-Za-z0-9_]|\\.\\d)|" + Pieces.IPV6 + "(?![A-Za-z0-9_:]))",
            Check.IP_ADDRESS,
            "\\d+\\.\\d+\\.|[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f]"),
    /** Keys that providers mark by a prefix, and JSON web tokens. */
    API_KEY(
            "api_key",
            "(?<![A-Za-z0-9_-])(?:sk-[A-Za-z0-9_-]{16,}+|(?:gh[pousr]|github_pat)_[A-Za-z0-9_]{16,}+"
                    + "|glpat-[A-Za-z0-9_-]{16,}+|xox[abeoprs]-[A-Za-z0-9-]{8,}+|A[KS]IA[A-Z0-9]{16}"
                    + "|AIza[A-Za-z0-9_-]{30,}+|eyJ[A-Za-z0-9_-]{9,}+(?:\\.[A-Za-z0-9_-]*+){0,2})",
            Check.NONE,
            ".{8}"),
    /** What follows the word bearer, the word included. */
    BEARER_TOKEN(
            "bearer_token", "(?<![A-Za-z0-9_])[Bb]earer +[A-Za-z0-9._~+/-]{16,}+=*+", Check.NONE, "[Bb]earer +\\S"),
    /** With a right check sum, in groups or not. */
    IBAN(
            "iban",
            "(?<![A-Za-z0-9])[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Z0-9])",
            Check.IBAN,
            "[A-Z]{2}\\d{2} ?[A-Z0-9]{4}");

    private static final class Pieces {

        static final String OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
        static final String IPV4 = "(?:" + OCTET + "\\.){3}" + OCTET;
        static final String IPV6 = "(?:[0-9A-Fa-f]{0,4}:){2,7}(?:" + IPV4 + "|[0-9A-Fa-f]{0,4})";
    }

    private final String wireName;
    private final Pattern pattern;
    private final Check check;
    private final Pattern telltale;

    NamedPattern(String wireName, String pattern, Check check, String telltale) {
        this.wireName = wireName;
        this.pattern = Pattern.compile(pattern);
        this.check = check;
        this.telltale = Pattern.compile(telltale);
    }

    static Optional<NamedPattern> parse(String name) {
        return Arrays.stream(values())
                .filter(named -> named.wireName.equals(name))
                .findFirst();
    }

    String wireName() {
        return wireName;
    }

    Pattern pattern() {
        return pattern;
    }

    Check check() {
        return check;
    }

    /** Returns what the beginning of a match starts with once it tells too much. */
    Pattern telltale() {
        return telltale;
    }
}
