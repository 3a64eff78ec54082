package dev.sluice.gateway.transform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What an operator's expression may cost: looks are counted, since times say nothing on a busy machine. */
class LooksTest {

    private static final int AT_ONE_PLACE = 20_000;
    private static final int MAX_MATCH = 256;

    /** Never more than 30 in a row of what the expressions backtrack over, so that each place starts them anew. */
    private static final String HOSTILE = ("x".repeat(30) + " ").repeat(200);

    /** Counts the looks that were granted, and stops what is over its budget, since it might go on for years. */
    private static final class CountedWindow extends Window {

        private long budget;
        private long atOnce;
        private int atOnePlace;
        private long inAll;

        CountedWindow(StringBuilder text) {
            super(text);
        }

        @Override
        void allow(int characters) {
            super.allow(characters);
            budget = Math.min(2_000_000 + 300L * characters, 20_000_000);
            atOnce = 0;
        }

        @Override
        void refill() {
            super.refill();
            atOnePlace = 0;
        }

        @Override
        public char charAt(int index) {
            char character = super.charAt(index);
            inAll++;
            if (++atOnePlace > AT_ONE_PLACE || ++atOnce > budget) {
                throw new AssertionError("an expression looked " + atOnePlace + " times at one place, and all together "
                        + atOnce + " times at one delta, which allows " + budget);
            }
            return character;
        }
    }

    private CountedWindow window = new CountedWindow(new StringBuilder());

    /** Redacts a long answer that comes in equal deltas. */
    private String redact(List<Redaction> redactions, int deltas) {
        RedactionScanner scanner =
                new RedactionScanner(redactions, MAX_MATCH, text -> window = new CountedWindow(text));
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < deltas; i++) {
            out.append(scanner.more(HOSTILE));
        }
        return out.append(scanner.more("the secret")).append(scanner.finish()).toString();
    }

    @Test
    void expressionThatNeverComesToAnEndIsStoppedAtEachPlace() {
        String out = redact(List.of(Redaction.expression("wild", Pattern.compile("(x+x+)+y\\1"))), 20);

        assertThat(window.inAll).isGreaterThan(10L * AT_ONE_PLACE);
        assertThat(out).contains("[WILD]").hasSizeLessThan(20 * HOSTILE.length());
    }

    /** Each of them stays within its bound at every place; only together they do too much. */
    @Test
    void expressionsThatAreEachDearEnoughAreStoppedTogether() {
        List<Redaction> dear = IntStream.range(0, Transform.Redact.MAX_REDACTIONS)
                .mapToObj(i -> Redaction.expression("dear", Pattern.compile("x*x*x*y|secret" + (i == 0 ? "" : i))))
                .toList();

        String out = redact(dear, 3);

        assertThat(window.inAll).isGreaterThan(3 * 2_000_000L);
        assertThat(out).contains("[DEAR]").doesNotContain("secret");
    }

    @Test
    void soundExpressionIsNeverStopped() {
        String out = redact(List.of(Redaction.expression("plain", Pattern.compile("\\bsecret\\b"))), 20);

        assertThat(out).isEqualTo(HOSTILE.repeat(20) + "the [PLAIN]");
    }
}
