package dev.sluice.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OverlapTest {

    private static final String LINE = "All work and no play makes Jack a dull boy.\n";

    static Stream<Arguments> continuations() {
        return Stream.of(
                Arguments.argumentSet("exact", "The quick bro", "wn fox", "wn fox"),
                Arguments.argumentSet("exact, other words", "The quick ", "brown fox", "brown fox"),
                Arguments.argumentSet("a broken-off word", "The quick bro", "brown fox", "wn fox"),
                Arguments.argumentSet("words before it", "The quick bro", "quick brown fox", "wn fox"),
                Arguments.argumentSet("a whole word", "The quick brown", "brown fox", " fox"),
                Arguments.argumentSet("half a sentence", "So the quick brown ", "the quick brown fox", "fox"),
                Arguments.argumentSet("everything", "The quick brown fox, ", "The quick brown fox, and", "and"),
                Arguments.argumentSet("and nothing else", "The quick bro", "quick bro", ""),
                Arguments.argumentSet("half a character", "Hello \ud83d", "\ud83d\ude00!", "\ude00!"),
                Arguments.argumentSet(
                        "not to its end", "The quick brown fox ", "The quick brown dog", "The quick brown dog"),
                Arguments.argumentSet("not to its end, and then over", "The quick brown fox ", "quick", "quick"),
                Arguments.argumentSet("a doubled letter", "The litt", "tle one", "tle one"),
                Arguments.argumentSet("a word said twice", "It is very ", "very good", "very good"),
                Arguments.argumentSet("the same, blank first", "It is very", " very good", " very good"),
                Arguments.argumentSet("indentation", "{\n        ", "        x", "        x"),
                Arguments.argumentSet("a ruler", "-".repeat(40), "-".repeat(30) + "\n", "-".repeat(30) + "\n"),
                Arguments.argumentSet("a table", "|---|---|---|---|---|", "---|---|---|---|\n", "---|---|---|---|\n"),
                Arguments.argumentSet("laughter", "Well, haha", "haha", "haha"),
                Arguments.argumentSet("the answer's own refrain", LINE.repeat(3), LINE.repeat(2), LINE.repeat(2)),
                Arguments.argumentSet("from the start, one word", "Hello ", "Hello world", "world"),
                Arguments.argumentSet("from the start, half a word", "**Hel", "**Hello**", "lo**"),
                Arguments.argumentSet("from the start to the end", "Paris. ", "Paris. ", ""),
                Arguments.argumentSet("from the start, but otherwise", "Hello, ", "Hello world", "Hello world"),
                Arguments.argumentSet("from the start, less than a word", "I ", "I am", "I am"),
                Arguments.argumentSet("numbers", "1, 1, 2, ", "1, 1, 2, 3", "1, 1, 2, 3"),
                Arguments.argumentSet("laughter from the start", "ha ", "ha ha", "ha ha"),
                Arguments.argumentSet("longer laughter from the start", "haha ", "haha haha", "haha haha"),
                Arguments.argumentSet("laughter that has begun", "ha ha ", "ha ha ha", "ha ha ha"),
                Arguments.argumentSet("three times", "Tora! ", "Tora! Tora!", "Tora! Tora!"),
                Arguments.argumentSet("three times, and on", "Holy, ", "Holy, Holy is", "Holy, Holy is"),
                Arguments.argumentSet("almost three times", "Hello, ", "Hello, Hell", "Hello, Hell"),
                Arguments.argumentSet("nothing", "The quick", "", ""));
    }

    @ParameterizedTest
    @MethodSource("continuations")
    void leavesOutWhatIsSaidOnceMore(String before, String continuation, String fresh) {
        assertThat(read(before, List.of(continuation))).isEqualTo(fresh);
    }

    @ParameterizedTest
    @MethodSource("continuations")
    void doesNotCareHowTheContinuationIsCut(String before, String continuation, String fresh) {
        assertThat(read(
                        before,
                        continuation.chars().mapToObj(Character::toString).toList()))
                .isEqualTo(fresh);
    }

    @Test
    void comparesNoMoreThanItsBound() {
        String words = words(new Random(1), 3 * Overlap.MAX);
        String end = words.substring(words.length() - Overlap.MAX);

        assertThat(read(words, List.of(end, "new"))).isEqualTo("new");
        assertThat(read(words, List.of("x" + end, "new"))).isEqualTo("x" + end + "new");
    }

    @Test
    void holdsNothingThatIsSurelyNew() {
        Overlap overlap = new Overlap(new StringBuilder("The quick brown fox jumps over"));

        assertThat(overlap.more("j")).isEmpty();
        assertThat(overlap.more("a")).isEqualTo("ja");
    }

    @Test
    void givesTheSameHoweverItIsCut() {
        long seed = System.nanoTime();
        System.out.println("seed of the overlaps: " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            String before = anything(random, 60);
            String continuation = before.substring(random.nextInt(before.length() + 1)) + anything(random, 40);

            assertThat(read(before, pieces(continuation, random)))
                    .as("seed %d, round %d: %s + %s", seed, round, before, continuation)
                    .isEqualTo(read(before, List.of(continuation)));
        }
    }

    /** What a model repeats from the start of any word is left out, wherever the answer was cut. */
    @Test
    void leavesOutEveryRepetitionOfWords() {
        long seed = System.nanoTime();
        System.out.println("seed of the repetitions: " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            String text = words(random, 600);
            int cut = 50 + random.nextInt(500);
            int back = Math.min(cut, Overlap.MIN + random.nextInt(Overlap.MAX - Overlap.MIN));

            String joined =
                    text.substring(0, cut) + read(text.substring(0, cut), pieces(text.substring(cut - back), random));

            assertThat(joined).as("seed %d, round %d", seed, round).isEqualTo(text);
        }
    }

    /** However little had come, as long as it was a word. */
    @Test
    void leavesOutABeginningThatIsStartedOver() {
        long seed = System.nanoTime();
        System.out.println("seed of the beginnings: " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            String text = differentLetters(random);
            int cut = Overlap.MIN_WORDS + random.nextInt(Overlap.MIN - Overlap.MIN_WORDS);
            String before = text.substring(0, cut);

            assertThat(read(before, pieces(text, random)))
                    .as("seed %d, round %d: %s + %s", seed, round, before, text)
                    .isEqualTo(text.substring(cut));
        }
    }

    /** What says the same over and over is not robbed of it, wherever it was cut. */
    @Test
    void leavesAloneWhatRepeatsItself() {
        long seed = System.nanoTime();
        System.out.println("seed of the refrains: " + seed);
        Random random = new Random(seed);
        List<String> refrains = List.of("ha ", "haha ", "Ha! ", "bla", "bla, ", "la la di ", "1, ", "-", "| a | b |\n");
        for (int round = 0; round < 5_000; round++) {
            String text = refrains.get(random.nextInt(refrains.size())).repeat(3 + random.nextInt(10));
            int cut = 1 + random.nextInt(text.length() - 1);
            String before = text.substring(0, cut);
            String rest = text.substring(cut);

            // One half and the other may as well be the same half twice.
            assertThat(read(before, pieces(rest, random)))
                    .as("seed %d, round %d: %s + %s", seed, round, before, rest)
                    .isIn(rest, before.equals(rest) ? "" : rest);
        }
    }

    private static String read(String before, List<String> pieces) {
        Overlap overlap = new Overlap(new StringBuilder(before));
        StringBuilder fresh = new StringBuilder();
        for (String piece : pieces) {
            // As soon as something is new, nothing after it is compared.
            fresh.append(fresh.isEmpty() ? overlap.more(piece) : piece);
        }
        return fresh.append(fresh.isEmpty() ? overlap.rest() : "").toString();
    }

    private static List<String> pieces(String text, Random random) {
        List<String> pieces = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            int end = Math.min(text.length(), at + 1 + random.nextInt(12));
            pieces.add(text.substring(at, end));
            at = end;
        }
        return pieces;
    }

    private static String anything(Random random, int atMost) {
        StringBuilder text = new StringBuilder();
        for (int i = 1 + random.nextInt(atMost); i > 0; i--) {
            text.append("ab -".charAt(random.nextInt(4)));
        }
        return text.toString();
    }

    /** Words of which nothing comes twice. */
    private static String differentLetters(Random random) {
        List<String> letters = new ArrayList<>("abcdefghijklmnopqrstuvwxyz"
                .chars()
                .mapToObj(Character::toString)
                .toList());
        Collections.shuffle(letters, random);
        StringBuilder text = new StringBuilder();
        for (String letter : letters) {
            text.append(letter).append(text.length() > 2 && random.nextInt(4) == 0 ? ", " : "");
        }
        return text.toString();
    }

    /** No word comes twice, so that whatever comes twice is a repetition. */
    private static String words(Random random, int atLeast) {
        StringBuilder text = new StringBuilder();
        for (int i = 100; text.length() < atLeast; i++) {
            text.append(Integer.toString(random.nextInt(36 * 36) + 36 * 36 * i, 36))
                    .append(' ');
        }
        return text.toString();
    }
}
