package dev.sluice.gateway.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.stream.Chunk;
import dev.sluice.stream.FinishReason;
import dev.sluice.stream.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TransformsTest {

    private static final int ROUNDS = 2_000;

    private enum Ending {
        FINISHED,
        BROKEN_OFF
    }

    private static Transform redactEverything(int maxMatch) {
        List<Redaction> redactions = new ArrayList<>();
        for (NamedPattern named : NamedPattern.values()) {
            redactions.add(Redaction.named(named.wireName()).orElseThrow());
        }
        redactions.add(Redaction.literal("ACME"));
        redactions.add(Redaction.literal("日本"));
        redactions.add(Redaction.literal("👋🏽"));
        redactions.add(Redaction.expression("smile", Pattern.compile("[😀-😂]")));
        redactions.add(Redaction.expression("employee", Pattern.compile("(?<=\\b|x)EMP-\\d{2,6}(?!\\d)")));
        return new Transform.Redact(redactions, maxMatch);
    }

    private static Transforms any(Random random) {
        List<Transform> steps = new ArrayList<>();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            steps.add(
                    switch (random.nextInt(5)) {
                        case 0 -> new Transform.Drop(Set.of(DeltaKind.REASONING));
                        case 1 -> new Transform.Drop(Set.of(DeltaKind.REASONING, DeltaKind.TOOL_CALL));
                        case 2 -> new Transform.MaxLength(1 + random.nextInt(60));
                        case 3 -> new Transform.Redact(List.of(Redaction.literal("[E"), Redaction.literal("word")), 64);
                        default -> redactEverything(random.nextBoolean() ? 256 : 64);
                    });
        }
        return new Transforms(steps);
    }

    private static List<Chunk> through(Transforms transforms, List<Chunk> answer, Ending ending) {
        List<Chunk> out = new ArrayList<>();
        ChunkTransform first = transforms.open(out::add);
        answer.forEach(first::accept);
        switch (ending) {
            case FINISHED -> {
                first.accept(new Chunk.UsageReported(TokenUsage.of(1, 2)));
                first.accept(new Chunk.Finished(FinishReason.STOP));
            }
            case BROKEN_OFF -> first.breakOff();
        }
        return out;
    }

    /** The usage may come on either side of what was held: it is no delta. */
    private static List<String> outcome(Transforms transforms, List<Chunk> answer, Ending ending) {
        List<Chunk> out = through(transforms, answer, ending);
        out.removeIf(chunk -> chunk instanceof Chunk.UsageReported);
        return Cuts.read(out);
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    void chunkBordersDoNotMatter(Ending ending) {
        long seed = System.nanoTime();
        System.out.println("seed of the compositions: " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            Transforms transforms = any(random);
            List<Chunk> answer = Cuts.answer(random);
            List<String> whole = outcome(transforms, answer, ending);

            for (int cut = 0; cut < 3; cut++) {
                assertThat(outcome(transforms, Cuts.cut(answer, random), ending))
                        .as("seed %d, round %d, %s, %s", seed, round, transforms.steps(), answer)
                        .isEqualTo(whole);
            }
        }
    }

    @Test
    void whatIsNotChangedIsNotEvenCopied() {
        List<Chunk> answer = List.of(new Chunk.TextDelta("a b. "), new Chunk.ReasoningDelta("c d\n"));
        List<Chunk> out = new ArrayList<>();
        ChunkTransform first =
                new Transforms(List.of(redactEverything(256), new Transform.MaxLength(100))).open(out::add);

        answer.forEach(first::accept);

        assertThat(out).hasSize(2);
        assertThat(out.getLast()).isSameAs(answer.getLast());
    }

    @Test
    void nothingStandsInTheWayWhereNothingIsToBeDone() {
        List<Chunk> out = new ArrayList<>();
        Chunk chunk = new Chunk.TextDelta("joe@example.com");

        Transforms.NONE.open(out::add).accept(chunk);

        assertThat(out).singleElement().isSameAs(chunk);
    }

    @Test
    void stepsFollowEachOtherInTheirOrder() {
        Transforms model = new Transforms(List.of(new Transform.Redact(List.of(Redaction.literal("secret")), 64)));
        Transforms caller = new Transforms(List.of(new Transform.MaxLength(13)));

        assertThat(outcome(model.then(caller), List.of(new Chunk.TextDelta("my secret is")), Ending.FINISHED))
                .containsExactly("text my [REDACTED]", "Finished[reason=LENGTH]");
        assertThat(outcome(caller.then(model), List.of(new Chunk.TextDelta("my secret is")), Ending.FINISHED))
                .containsExactly("text my [REDACTED] is", "Finished[reason=STOP]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    5 | hello  | hello | STOP
                    5 | hello! | hello | LENGTH
                    3 | 😀😀😀   | 😀😀😀  | STOP
                    2 | 😀😀😀   | 😀😀   | LENGTH
                    1 | 日本    | 日     | LENGTH
                    """)
    void textIsCutAfterExactlySoManyCharacters(int most, String text, String cut, FinishReason reason) {
        Transforms transforms = new Transforms(List.of(new Transform.MaxLength(most)));
        Random random = new Random(1);

        for (int i = 0; i < 20; i++) {
            assertThat(outcome(transforms, Cuts.cut(List.of(new Chunk.TextDelta(text)), random), Ending.FINISHED))
                    .containsExactly("text " + cut, "Finished[reason=" + reason + "]");
        }
    }

    @Test
    void neverGivesHalfACharacterWhereTheAnswerHasAWholeOne() {
        List<Chunk> halves = "😀😀😀😀"
                .chars()
                .mapToObj(half -> (Chunk) new Chunk.TextDelta(String.valueOf((char) half)))
                .toList();
        Transform redact = new Transform.Redact(List.of(Redaction.literal("ACME")), 256);

        for (Transform step : List.of(redact, new Transform.MaxLength(5))) {
            assertThat(through(new Transforms(List.of(step)), halves, Ending.FINISHED))
                    .filteredOn(chunk -> chunk instanceof Chunk.TextDelta)
                    .containsOnly(new Chunk.TextDelta("😀"))
                    .hasSize(4);
        }
    }

    /** Readers join the texts of a kind: what comes between must not let a match through. */
    @Test
    void interruptedMatchDoesNotLeak() {
        Transforms transforms =
                new Transforms(List.of(new Transform.Redact(List.of(Redaction.literal("ACME Corporation")), 256)));
        for (Chunk between : List.of(new Chunk.ReasoningDelta("hm"), new Chunk.ToolCallDelta(0, "c", "f", "{}"))) {
            List<String> outcome = outcome(
                    transforms,
                    List.of(new Chunk.TextDelta("by ACME Corpora"), between, new Chunk.TextDelta("tion, they say")),
                    Ending.FINISHED);

            assertThat(String.join(" ", outcome)).doesNotContain("ACME").contains("they say");
        }
    }

    @Test
    void onlyTextCountsForTheLength() {
        Transforms transforms = new Transforms(List.of(new Transform.MaxLength(2)));
        List<Chunk> answer = List.of(
                new Chunk.ReasoningDelta("long thoughts"),
                new Chunk.TextDelta("ab"),
                new Chunk.ToolCallDelta(0, "c", "f", "{\"long\":1}"));

        assertThat(outcome(transforms, answer, Ending.FINISHED))
                .containsExactly("reasoning long thoughts", "text ab", "call0 {\"long\":1}", "Finished[reason=STOP]");
    }

    @Test
    void nothingFollowsACut() {
        Transforms transforms = new Transforms(List.of(new Transform.MaxLength(1)));
        List<Chunk> answer = List.of(
                new Chunk.TextDelta("a"),
                new Chunk.TextDelta("b"),
                new Chunk.TextDelta("c"),
                new Chunk.ReasoningDelta("d"));

        assertThat(outcome(transforms, answer, Ending.FINISHED)).containsExactly("text a", "Finished[reason=LENGTH]");
        assertThat(outcome(transforms, answer, Ending.BROKEN_OFF)).containsExactly("text a", "Finished[reason=LENGTH]");
    }

    @Test
    void aCutLetsGoOfWhatALaterStepHolds() {
        Transforms transforms = new Transforms(
                List.of(new Transform.MaxLength(3), new Transform.Redact(List.of(Redaction.literal("ACME")), 64)));

        assertThat(outcome(transforms, List.of(new Chunk.TextDelta("ACME")), Ending.FINISHED))
                .containsExactly("text ACM", "Finished[reason=LENGTH]");
    }

    @Test
    void toolCallThatIsLeftOutIsNotWaitedFor() {
        Transforms transforms = new Transforms(List.of(new Transform.Drop(Set.of(DeltaKind.TOOL_CALL))));
        List<Chunk> out = new ArrayList<>();
        ChunkTransform first = transforms.open(out::add);

        first.accept(new Chunk.TextDelta("a"));
        first.accept(new Chunk.ToolCallDelta(0, "c", "f", "{}"));
        first.accept(new Chunk.Finished(FinishReason.TOOL_CALLS));

        assertThat(out).containsExactly(new Chunk.TextDelta("a"), new Chunk.Finished(FinishReason.STOP));
    }

    @Test
    void toolCallIsAnnouncedAtOnceWhileItsArgumentsAreHeld() {
        List<Chunk> out = new ArrayList<>();
        ChunkTransform first = new Transforms(List.of(redactEverything(256))).open(out::add);

        first.accept(new Chunk.ToolCallDelta(0, "c", "f", "joe"));
        first.accept(new Chunk.ToolCallDelta(0, null, null, "@example.com"));
        first.accept(new Chunk.ToolCallDelta(0, null, null, "\"}"));

        assertThat(out)
                .containsExactly(
                        new Chunk.ToolCallDelta(0, "c", "f", ""), new Chunk.ToolCallDelta(0, null, null, "[EMAIL]\"}"));
    }

    @Test
    void whatIsHeldStaysBeforeWhatFollowsInAnotherKind() {
        List<Chunk> answer = List.of(
                new Chunk.ReasoningDelta("think"),
                new Chunk.TextDelta("Hello"),
                new Chunk.ToolCallDelta(0, "c", "f", "{}"));

        assertThat(outcome(new Transforms(List.of(redactEverything(256))), answer, Ending.FINISHED))
                .containsExactly("reasoning think", "text Hello", "call0 {}", "Finished[reason=STOP]");
    }
}
