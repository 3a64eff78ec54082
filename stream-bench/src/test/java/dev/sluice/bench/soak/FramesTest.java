package dev.sluice.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FramesTest {

    private static final int FINAL = 0x80;

    private final ByteArrayOutputStream wire = new ByteArrayOutputStream();

    @Test
    void messagesAreTheSameWhereverTheirBytesAreCut() {
        frame(FINAL | Frames.TEXT, "short");
        frame(Frames.BINARY, "in ");
        frame(FINAL | Frames.PING, "");
        frame(Frames.CONTINUATION, "three ");
        frame(FINAL | Frames.CONTINUATION, "parts");
        frame(FINAL | Frames.TEXT, "x".repeat(300));
        frame(FINAL | Frames.CLOSE, "");
        byte[] bytes = wire.toByteArray();
        for (int cut = 0; cut <= bytes.length; cut++) {
            Frames frames = new Frames();
            frames.take(bytes, 0, cut);
            frames.take(bytes, cut, bytes.length);
            assertThat(all(frames))
                    .as("cut at %d", cut)
                    .containsExactly("1 short", "9 ", "2 in three parts", "1 " + "x".repeat(300), "8 ");
        }
    }

    @Test
    void aMaskedFrameIsAFault() {
        byte[] masked = {(byte) (FINAL | Frames.TEXT), (byte) 0x80, 0, 0, 0, 0};
        assertThatThrownBy(() -> new Frames().take(masked, 0, masked.length)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aContinuationOfNothingIsAFault() {
        frame(FINAL | Frames.CONTINUATION, "x");
        byte[] bytes = wire.toByteArray();
        assertThatThrownBy(() -> new Frames().take(bytes, 0, bytes.length)).isInstanceOf(IllegalStateException.class);
    }

    private void frame(int head, String payload) {
        wire.write(head);
        if (payload.length() < 126) {
            wire.write(payload.length());
        } else {
            wire.write(126);
            wire.write(payload.length() >> 8);
            wire.write(payload.length());
        }
        wire.writeBytes(payload.getBytes(StandardCharsets.US_ASCII));
    }

    private static List<String> all(Frames frames) {
        List<String> all = new ArrayList<>();
        for (Frames.Frame frame = frames.poll(); frame != null; frame = frames.poll()) {
            all.add(frame.kind() + " " + new String(frame.payload(), StandardCharsets.US_ASCII));
        }
        return all;
    }
}
