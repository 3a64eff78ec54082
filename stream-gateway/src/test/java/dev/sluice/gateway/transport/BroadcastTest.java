package dev.sluice.gateway.transport;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.dialect.standard.StandardDialect;
import dev.sluice.gateway.generation.StreamEvent;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BroadcastTest {

    private static final int PLENTY = 1_000_000;

    private final Broadcast broadcast = new Broadcast();

    private static Broadcast.Block block(int from, int to) {
        Broadcast.Builder frames = new Broadcast.Builder(from);
        for (int i = from; i < to; i++) {
            frames.add(StandardDialect.LINES, new StreamEvent.Text("t" + i, i));
        }
        return frames.build(false);
    }

    private static String lines(int from, int to) {
        Utf8Buffer out = new Utf8Buffer(64);
        for (int i = from; i < to; i++) {
            StandardDialect.LINES.encode(i, new StreamEvent.Text("t" + i, i), out);
        }
        return new String(out.toBytes(), StandardCharsets.UTF_8);
    }

    private static String copied(Broadcast.Block block, long from, int maxBytes, long expectedNext) {
        Utf8Buffer out = new Utf8Buffer(16);
        assertThat(block.copy(from, out, maxBytes)).isEqualTo(expectedNext);
        return new String(out.toBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void givesWhatIsThereFromAnyOffset() {
        Broadcast.Block block = block(5, 25);

        for (int from = 5; from < 25; from++) {
            assertThat(copied(block, from, PLENTY, 25)).isEqualTo(lines(from, 25));
        }
    }

    @Test
    void beginsNoFrameBeyondTheBound() {
        Broadcast.Block block = block(5, 25);
        int twoLines = lines(5, 7).length();

        assertThat(copied(block, 5, twoLines, 7)).isEqualTo(lines(5, 7));
        assertThat(copied(block, 5, twoLines + 1, 8)).isEqualTo(lines(5, 8));
        assertThat(copied(block, 5, 1, 6)).isEqualTo(lines(5, 6));
    }

    @Test
    void findsTheNewestBlocksOnly() {
        for (int i = 0; i < 20; i++) {
            broadcast.publish(block(10 * i, 10 * i + 10));
        }

        assertThat(broadcast.find(0)).isNull();
        assertThat(broadcast.find(119)).isNull();
        for (int offset = 120; offset < 200; offset++) {
            assertThat(requireNonNull(broadcast.find(offset)).holds(offset)).isTrue();
        }
        assertThat(broadcast.find(200)).isNull();
    }
}
