package dev.sluice.gateway.transport;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.dialect.standard.StandardDialect;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.StreamEvent;
import dev.sluice.gateway.log.StreamLog;
import dev.sluice.gateway.log.memory.GivenLogs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameReaderTest {

    private static final StreamEvent END =
            new StreamEvent.Failed(GatewayError.of(ErrorCode.CANCELLED, "The stream was aborted."), true);

    private final Broadcasts broadcasts = new Broadcasts();
    private final StreamLog log = GivenLogs.empty();

    private FrameReader open(long from, boolean merge) {
        return new FrameReader(log, from, StandardDialect.LINES, false, merge, broadcasts, () -> {});
    }

    private static String read(FrameReader reader, int maxBytes) {
        Utf8Buffer out = new Utf8Buffer(16);
        reader.read(out, maxBytes);
        return new String(out.toBytes(), StandardCharsets.UTF_8);
    }

    private static StreamEvent text(int index) {
        return new StreamEvent.Text("t" + index + " ", index);
    }

    private static String expected(int from, int to) {
        Utf8Buffer out = new Utf8Buffer(64);
        for (int i = from; i < to; i++) {
            StandardDialect.LINES.encode(i, i == 500 ? END : text(i), out);
        }
        return new String(out.toBytes(), StandardCharsets.UTF_8);
    }

    /** Readers that begin, read, leave and come back at random all get the same bytes as one that is alone. */
    @Test
    void givesEveryReaderTheSameBytesHoweverTheyShareThem() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<FrameReader> readers = new ArrayList<>();
        List<StringBuilder> got = new ArrayList<>();
        List<Integer> from = new ArrayList<>();
        for (int i = 0; i <= 500; i++) {
            log.append(i == 500 ? END : text(i));
            if (random.nextInt(10) == 0) {
                int begin = random.nextInt(i + 1);
                readers.add(open(begin, false));
                got.add(new StringBuilder());
                from.add(begin);
            }
            for (int r = 0; r < readers.size(); r++) {
                if (random.nextInt(4) == 0) {
                    got.get(r).append(read(readers.get(r), 1 + random.nextInt(2_000)));
                }
            }
        }
        for (int r = 0; r < readers.size(); r++) {
            while (!readers.get(r).ended()) {
                got.get(r).append(read(readers.get(r), 10_000));
            }
            assertThat(got.get(r).toString()).isEqualTo(expected(from.get(r), 501));
            readers.get(r).close();
        }
        assertThat(broadcasts.size()).isZero();
    }

    @Test
    void encodesOnceForAllWhoReadAlong() {
        FrameReader first = open(0, false);
        FrameReader second = open(0, false);
        log.append(text(0));
        read(first, 1_000);
        read(second, 1_000);

        log.append(text(1));
        read(first, 1_000);

        Broadcast shared = broadcasts.join(log, StandardDialect.LINES);
        Broadcast.Block block = shared.find(1);
        read(second, 1_000);
        assertThat(shared.find(1)).isSameAs(block).isNotNull();
    }

    /** Hundreds of readers of a long answer's end share its bytes, and each takes them in small pieces. */
    @Test
    void givesALargeFrameInPieces() {
        StreamEvent large = new StreamEvent.Text("x".repeat(100_000), 3);
        FrameReader first = open(0, false);
        FrameReader second = open(0, false);
        for (int i = 0; i < 3; i++) {
            log.append(text(i));
        }
        log.append(large);
        log.append(END);
        Utf8Buffer whole = new Utf8Buffer(64);
        for (int i = 0; i < 3; i++) {
            StandardDialect.LINES.encode(i, text(i), whole);
        }
        StandardDialect.LINES.encode(3, large, whole);
        StandardDialect.LINES.encode(4, END, whole);

        for (FrameReader reader : List.of(first, second)) {
            StringBuilder got = new StringBuilder();
            while (!reader.ended()) {
                String piece = read(reader, 1_000);
                assertThat(piece).hasSizeBetween(1, 1_000 + 200);
                got.append(piece);
            }
            assertThat(got.toString()).isEqualTo(new String(whole.toBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void mergesTextThatCanBeReadAtOnce() {
        FrameReader reader = open(0, true);
        log.append(text(0));
        assertThat(read(reader, 1_000)).contains("\"offset\":0", "t0");

        log.append(text(1));
        log.append(text(2));
        log.append(text(3));

        assertThat(read(reader, 1_000))
                .isEqualTo("{\"type\":\"chunk\",\"offset\":3,\"data\":{\"content\":\"t1 t2 t3 \",\"index\":3}}\n");
    }

    @Test
    void mergesNoTextAcrossAnotherEvent() {
        FrameReader reader = open(0, true);
        log.append(text(0));
        log.append(text(1));
        log.append(new StreamEvent.Reasoning("why", 0));
        log.append(text(2));
        log.append(END);

        List<String> lines = read(reader, 10_000).lines().toList();

        assertThat(lines).hasSize(5);
        assertThat(lines.get(1)).contains("\"offset\":1", "t1");
        assertThat(lines.get(2)).contains("\"offset\":2", "why");
        assertThat(lines.get(3)).contains("\"offset\":3", "t2");
        assertThat(lines.get(4)).contains("\"offset\":4", "CANCELLED");
        assertThat(reader.ended()).isTrue();
    }

    @Test
    void tellsAFailureThatCameBeforeAnything() {
        FrameReader reader = open(0, false);
        log.append(END);

        read(reader, 1_000);

        assertThat(requireNonNull(reader.refusal()).code()).isEqualTo(ErrorCode.CANCELLED);
    }

    @Test
    void tellsNoRefusalOnceSomethingCame() {
        FrameReader reader = open(0, false);
        log.append(text(0));
        log.append(END);

        read(reader, 1_000);

        assertThat(reader.refusal()).isNull();
        assertThat(reader.begun()).isTrue();
    }

    /** Alone or not, a reader that may read so many events reads so many, and the next ones after that. */
    @Test
    void readsUpToAnOffset() {
        for (int i = 0; i < 20; i++) {
            log.append(text(i));
        }
        for (int readers = 1; readers <= 3; readers++) {
            FrameReader reader = open(0, false);
            for (int before = 3; before <= 18; before += 3) {
                Utf8Buffer out = new Utf8Buffer(16);
                reader.read(out, Integer.MAX_VALUE, before);
                assertThat(new String(out.toBytes(), StandardCharsets.UTF_8)).isEqualTo(expected(before - 3, before));
                assertThat(reader.position()).isEqualTo(before);
            }
        }
    }
}
