package dev.sluice.gateway.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.stream.Chunk;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a chunk costs. Prints it; the bound is only there to notice a mistake of magnitude. */
class RedactionCostTest {

    private static final List<Chunk> PROSE = Arrays.stream(
                    ("Think of a lock on a canal: water of any height on one side, an even stream on the other. Write to "
                                    + "joe@example.com or call +49 30 1234567 before 2026, and it will be opened for you. ")
                            .repeat(20)
                            .split("(?= )"))
            .map(word -> (Chunk) new Chunk.TextDelta(word))
            .toList();

    private long seen;

    @Test
    void redactionCostsMicrosecondsAChunk() {
        List<Redaction> named = Arrays.stream(NamedPattern.values())
                .map(pattern -> Redaction.named(pattern.wireName()).orElseThrow())
                .toList();
        report("nothing", Transforms.NONE);
        report("maximum length", new Transforms(List.of(new Transform.MaxLength(1_000_000))));
        report("redact a literal", redacting(List.of(Redaction.literal("ACME"))));
        report("redact email", redacting(List.of(Redaction.named("email").orElseThrow())));
        report(
                "redact an expression",
                redacting(List.of(Redaction.expression("e", Pattern.compile("\\bEMP-\\d{4}\\b")))));

        assertThat(report("redact all named patterns", redacting(named))).isLessThan(1_000_000);
        assertThat(seen).isPositive();
    }

    private static Transforms redacting(List<Redaction> redactions) {
        return new Transforms(List.of(new Transform.Redact(redactions, 256)));
    }

    private long report(String what, Transforms transforms) {
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 40; round++) {
            long started = System.nanoTime();
            ChunkTransform first = transforms.open(_ -> seen++);
            PROSE.forEach(first::accept);
            first.breakOff();
            best = Math.min(best, (System.nanoTime() - started) / PROSE.size());
        }
        System.out.printf("%s: %d ns a chunk of %d characters%n", what, best, 5);
        return best;
    }
}
