package dev.sluice.bench.soak;

import java.util.function.Consumer;

/** Joins the lines of server-sent events to their data. Comments are left out; an event counts once its blank line is there. */
final class EventStreamLines implements Consumer<String> {

    private final Consumer<String> sink;
    private final StringBuilder data = new StringBuilder();

    EventStreamLines(Consumer<String> sink) {
        this.sink = sink;
    }

    @Override
    public void accept(String line) {
        if (line.startsWith("data:")) {
            data.append(data.isEmpty() ? "" : "\n").append(line.substring(line.startsWith("data: ") ? 6 : 5));
        } else if (line.isEmpty() && !data.isEmpty()) {
            String event = data.toString();
            data.setLength(0);
            sink.accept(event);
        }
    }
}
