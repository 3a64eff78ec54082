package dev.sluice.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.provider.ProviderException;
import dev.sluice.provider.ProviderFailure;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of WHATWG HTML 9.2.6, each one however the bytes are cut. */
class SseParserTest {

    private static final String BOM = "\uFEFF";

    /** What goes in, and the events that come out, each as {@code type|data}. */
    static Stream<Arguments> rules() {
        return Stream.of(
                rule("LF ends a line", "data: a\n\ndata: b\n\n", "|a", "|b"),
                rule("CRLF ends a line", "data: a\r\n\r\ndata: b\r\n\r\n", "|a", "|b"),
                rule("CR ends a line", "data: a\r\rdata: b\r\r", "|a", "|b"),
                rule("ends of lines may be mixed", "data: a\r\n\ndata: b\n\rdata: c\r\r\n", "|a", "|b", "|c"),
                rule("one byte order mark is dropped", BOM + "data: a\n\n", "|a"),
                rule("a second byte order mark is data", BOM + BOM + "data: a\n\n"),
                rule("a byte order mark within is data", "data: " + BOM + "a\n\n", "|" + BOM + "a"),
                rule("comments are ignored", ": hello\n:\ndata: a\n: within\ndata: b\n\n:\n\n", "|a\nb"),
                rule("data lines are joined with LF", "data: a\ndata:\ndata: b\n\n", "|a\n\nb"),
                rule("a field without a colon is empty", "data\n\n", "|"),
                rule("data without a value is an event", "data:\n\n", "|"),
                rule("data twice without a value is one LF", "data\ndata\n\n", "|\n"),
                rule("no blank is needed", "data:a\n\n", "|a"),
                rule("exactly one blank is dropped", "data:  a \n\n", "| a "),
                rule("a tab is data", "data:\ta\n\n", "|\ta"),
                rule("only the first colon separates", "data: a:b: c\n\n", "|a:b: c"),
                rule("an event has a type", "event: error\ndata: a\n\n", "error|a"),
                rule("the type may follow the data", "data: a\nevent: x\n\n", "x|a"),
                rule("the last type wins", "event: a\nevent: b\ndata: c\n\n", "b|c"),
                rule("an empty type is the standard type", "event: a\nevent:\ndata: c\n\n", "|c"),
                rule("a type without data is forgotten", "event: a\n\ndata: b\n\n", "|b"),
                rule("the type does not outlive its event", "event: a\ndata: b\n\ndata: c\n\n", "a|b", "|c"),
                rule("names of fields are exact", "Data: a\n data: b\ndata : c\ndatax: d\ndat: e\n\n"),
                rule("blank lines alone are nothing", "\n\r\n\r\n\n\r\r"),
                rule("an event without its blank line waits", "data: a\n\ndata: b\n", "|a"),
                rule("text is UTF-8", "data: é € 😀 \u0000 x\n\n", "|é € 😀 \u0000 x"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void holdsWhereverTheBytesAreCut(String rule, byte[] input, List<String> events) {
        assertThat(SseEvents.of(input).seen()).as("whole").isEqualTo(events);
        for (int cut = 0; cut <= input.length; cut++) {
            assertThat(SseEvents.of(Arrays.copyOf(input, cut), Arrays.copyOfRange(input, cut, input.length))
                            .seen())
                    .as("cut at %d", cut)
                    .isEqualTo(events);
        }
        assertThat(SseEvents.byteByByte(input).seen()).as("byte by byte").isEqualTo(events);
    }

    @Test
    void invalidUtf8IsLeftToWhoeverDecodesIt() {
        byte[] input = {'d', 'a', 't', 'a', ':', (byte) 0xC3, '(', (byte) 0xFF, '\n', '\n'};

        assertThat(SseEvents.byteByByte(input).seen()).containsExactly("|\uFFFD(\uFFFD");
    }

    @Test
    void anIdPersistsUntilItIsResetAndMayNotHoldNul() {
        assertThat(SseEvents.of(bytes("id: 1\ndata: a\n\ndata: b\n\nid: x\0y\ndata: c\n\nid\ndata: d\n\n"))
                        .ids())
                .containsExactly("1", "1", "1", "");
    }

    @Test
    void theReconnectionTimeIsTakenFromDigitsOnly() {
        assertThat(reconnectionTime("retry: 2500\n")).isEqualTo(2500);
        assertThat(reconnectionTime("retry: 2500\nretry: soon\nretry: -1\nretry:\nretry: 1.5\n"))
                .isEqualTo(2500);
        assertThat(reconnectionTime("retry: 99999999999999999999999\n")).isEqualTo(-1);
    }

    @Test
    void tellsWhetherAnEventWaitsAndHandsItOutWhenAsked() {
        SseParser parser = SseEvents.parser(SseParser.DEFAULT_MAX_BYTES);
        SseEvents events = new SseEvents(parser);

        assertThat(parser.pending()).isFalse();
        events.feed(bytes("data: a\n\n"));
        assertThat(parser.pending()).isFalse();
        events.feed(bytes("data: b\ndata: c"));
        assertThat(parser.pending()).isTrue();
        parser.dispatchPending(events);

        assertThat(events.seen()).containsExactly("|a", "|b\nc");
        assertThat(parser.pending()).isFalse();
    }

    @Test
    void showsLinesThatTheStandardIgnores() {
        assertThat(SseEvents.byteByByte(bytes("error: {\"a\":1}\n[DONE]\ndata: x\n\n"))
                        .unknownLines())
                .containsExactly("error: {\"a\":1}", "[DONE]");
    }

    @Test
    void handsOutAnEventWithinOneBufferInPlace() {
        byte[] input = bytes("data: abc\n\n");
        boolean[] same = {false};

        SseEvents.parser(SseParser.DEFAULT_MAX_BYTES)
                .feed(
                        input,
                        0,
                        input.length,
                        (_, data, offset, length) -> same[0] = data == input && offset == 6 && length == 3);

        assertThat(same[0]).isTrue();
    }

    @Test
    void refusesALineOverTheBoundHoweverItIsCut() {
        byte[] allowed = bytes("data:" + "x".repeat(95) + "\n\n");
        byte[] tooLong = bytes("data:" + "x".repeat(96) + "\n\n");

        assertThat(new SseEvents(SseEvents.parser(100)).feed(allowed).seen()).hasSize(1);
        assertMalformed(() -> new SseEvents(SseEvents.parser(100)).feed(tooLong));
        assertMalformed(() -> new SseEvents(SseEvents.parser(100)).feedByteByByte(tooLong));
    }

    @Test
    void refusesAnEventOverTheBound() {
        byte[] tooMuch = bytes(("data:" + "x".repeat(30) + "\n").repeat(4) + "\n");

        assertMalformed(() -> new SseEvents(SseEvents.parser(100)).feed(tooMuch));
    }

    @Test
    void takesLinearTimeForALargeEventInSmallPieces() {
        byte[] large = bytes("data: " + "x".repeat(SseParser.DEFAULT_MAX_BYTES - 100) + "\n\n");

        SseEvents events = SseEvents.byteByByte(large);

        assertThat(events.seen()).singleElement().asString().hasSize(SseParser.DEFAULT_MAX_BYTES - 99);
    }

    /** Any bytes at all: the events do not depend on the cuts. The seed is in the message of a failure. */
    @Test
    void anyInputGivesTheSameEventsWhereverItIsCut() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String[] pieces = {
            "data", ":", " ", "\n", "\r", "\r\n", "\n\n", "event", "id", "retry", "x", "é", "😀", BOM, "\0", "{}", "1"
        };
        for (int round = 0; round < 2_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i >= 0; i--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            byte[] input = bytes(text.toString());
            SseEvents whole = SseEvents.of(input);
            SseEvents cut = new SseEvents(SseEvents.parser(SseParser.DEFAULT_MAX_BYTES));
            for (int from = 0, to; from < input.length; from = to) {
                to = Math.min(input.length, from + 1 + random.nextInt(5));
                cut.feed(Arrays.copyOfRange(input, from, to));
            }
            assertThat(cut.seen())
                    .as("seed %d, round %d: %s", seed, round, text)
                    .isEqualTo(whole.seen());
            assertThat(cut.unknownLines()).as("seed %d, round %d", seed, round).isEqualTo(whole.unknownLines());
        }
    }

    private static void assertMalformed(Runnable feeding) {
        assertThatThrownBy(feeding::run)
                .isInstanceOfSatisfying(
                        ProviderException.class,
                        thrown -> assertThat(thrown.failure()).isInstanceOf(ProviderFailure.Malformed.class));
    }

    private static long reconnectionTime(String input) {
        SseParser parser = SseEvents.parser(SseParser.DEFAULT_MAX_BYTES);
        new SseEvents(parser).feedByteByByte(bytes(input));
        return parser.reconnectionTimeMs();
    }

    private static Arguments rule(String name, String input, String... events) {
        return Arguments.of(name, bytes(input), List.of(events));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
