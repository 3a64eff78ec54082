package dev.sluice.gateway.dialect.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.dialect.ExampleStream;
import dev.sluice.gateway.dialect.StreamEncoder;
import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.generation.StreamEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextDialectTest {

    private static final List<String> PIECES =
            List.of("\n", "\r", "\r\n", " ", "a", "\uD83D\uDE00", ":", "data: ", "\u00e9", "\u2028", "");

    /** An event as a reader of the standard dispatches it. */
    private record Received(String id, String data) {}

    @Test
    void writesAnAnswerAsTheContractSays() throws IOException {
        assertThat(encode(ExampleStream.COMPLETED)).isEqualTo(ExampleStream.contract("text.sse"));
    }

    @Test
    void writesABrokenAnswerAsTheContractSays() throws IOException {
        assertThat(encode(ExampleStream.BROKEN)).isEqualTo(ExampleStream.contract("text-error.sse"));
    }

    @Test
    void missingBeginningIsToldByAnEventOfItsOwn() {
        assertThat(encode(ExampleStream.RESET)).isEqualTo("event: reset\ndata: 40\n\nid: 40\ndata: Hello\n\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "  lead", "\n", "\n\n", "a\nb", "a\n", "\na", "id: 7", "data", ":", "\uFEFFx"})
    void textComesOutAsItWentIn(String text) {
        assertThat(joined(encode(List.of(new StreamEvent.Text(text, 0))))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb", "a\rb", "\r", "\r\n", "a\r\r\nb\n\r"})
    void anyLineBreakComesOutAsALineFeed(String text) {
        assertThat(joined(encode(List.of(new StreamEvent.Text(text, 0), ExampleStream.COMPLETED.getLast()))))
                .isEqualTo(lineFeeds(text));
    }

    /** However the text was cut into deltas, and after whichever event a reader comes back. */
    @Test
    void whoeverResumesMissesNothingAndGetsNothingTwice() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            List<StreamEvent> events = cut(text.toString(), random);

            List<Received> all = received(encode(events));
            assertThat(join(all)).isEqualTo(lineFeeds(text.toString()));
            StringBuilder seen = new StringBuilder();
            for (Received event : all) {
                seen.append(event.data());
                int next = Integer.parseInt(event.id()) + 1;
                assertThat(seen + joined(encode(events, next))).isEqualTo(lineFeeds(text.toString()));
            }
        }
    }

    private static List<StreamEvent> cut(String text, Random random) {
        List<StreamEvent> events = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int to = Math.min(text.length(), from + 1 + random.nextInt(3));
            events.add(new StreamEvent.Text(text.substring(from, to), events.size()));
            from = to;
        }
        events.add(ExampleStream.COMPLETED.getLast());
        return events;
    }

    private static String lineFeeds(String text) {
        return text.replace("\r\n", "\n").replace('\r', '\n');
    }

    private static String joined(String stream) {
        return join(received(stream));
    }

    private static String join(List<Received> events) {
        StringBuilder text = new StringBuilder();
        events.forEach(event -> text.append(event.data()));
        return text.toString();
    }

    /** Reads as WHATWG HTML, section 9.2.6, says; events with a name of their own are no text. */
    private static List<Received> received(String stream) {
        List<Received> events = new ArrayList<>();
        String id = "";
        String name = "message";
        StringBuilder data = new StringBuilder();
        for (String line : stream.split("\r\n|\r|\n", -1)) {
            if (line.isEmpty()) {
                if (!data.isEmpty() && name.equals("message")) {
                    events.add(new Received(id, data.substring(0, data.length() - 1)));
                }
                data.setLength(0);
                name = "message";
            } else if (line.startsWith("data: ")) {
                data.append(line.substring(6)).append('\n');
            } else if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("event: ")) {
                name = line.substring(7);
            }
        }
        return events;
    }

    private static String encode(List<StreamEvent> events) {
        return ExampleStream.encode(TextDialect.EVENT_STREAM, events);
    }

    private static String encode(List<StreamEvent> events, int from) {
        StreamEncoder encoder = TextDialect.EVENT_STREAM.encoder(ExampleStream.INFO);
        Utf8Buffer out = new Utf8Buffer(64);
        for (int i = from; i < events.size(); i++) {
            encoder.encode(i, events.get(i), out);
        }
        return new String(out.toBytes(), StandardCharsets.UTF_8);
    }
}
