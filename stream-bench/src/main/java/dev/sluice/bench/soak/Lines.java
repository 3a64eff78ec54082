package dev.sluice.bench.soak;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Joins bytes to lines. What comes after the last line end is not a line yet. */
final class Lines {

    private final Consumer<String> sink;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    Lines(Consumer<String> sink) {
        this.sink = sink;
    }

    void take(byte[] bytes, int from, int to) {
        int start = from;
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                line.write(bytes, start, i - start);
                sink.accept(line.toString(StandardCharsets.UTF_8));
                line.reset();
                start = i + 1;
            }
        }
        line.write(bytes, start, to - start);
    }

    /** There is no more: what has come is the last line, where anything has. */
    void end() {
        if (line.size() > 0) {
            sink.accept(line.toString(StandardCharsets.UTF_8));
            line.reset();
        }
    }
}
