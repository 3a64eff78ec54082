package dev.sluice.bench.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MarkTest {

    private static byte[] marked(String before, long nanos, String after) {
        byte[] bytes = (before + "x".repeat(Mark.BYTES) + after).getBytes(StandardCharsets.US_ASCII);
        Mark.write(bytes, before.length(), nanos);
        return bytes;
    }

    @Test
    void aMarkIsFoundWhereverTheNetworkCutsIt() {
        byte[] bytes = marked("an@example @@12 @@@@ text ", 123_456_789_012L, "@ more");
        for (int cut = 0; cut <= bytes.length; cut++) {
            List<Long> found = new ArrayList<>();
            Mark.Finder finder = new Mark.Finder();
            finder.look(bytes, 0, cut, found::add);
            finder.look(bytes, cut, bytes.length, found::add);
            assertThat(found).as("cut at %d", cut).containsExactly(123_456_789_012L);
        }
    }

    @Test
    void twoMarksInARowAreTwo() {
        byte[] one = marked("", 1, "");
        byte[] both = new byte[2 * one.length];
        System.arraycopy(one, 0, both, 0, one.length);
        System.arraycopy(one, 0, both, one.length, one.length);
        List<Long> found = new ArrayList<>();
        new Mark.Finder().look(both, 0, both.length, found::add);
        assertThat(found).containsExactly(1L, 1L);
    }
}
