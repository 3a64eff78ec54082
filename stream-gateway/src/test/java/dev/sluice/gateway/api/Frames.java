package dev.sluice.gateway.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events as a strict reader of the standard sees them: only what ends in a blank line counts.
 *
 * @param events in order
 * @param comments in order
 */
public record Frames(List<Frame> events, List<String> comments) {

    /**
     * One event.
     *
     * @param id null where it has none
     * @param event null where it has none
     * @param data its data lines
     */
    public record Frame(@Nullable String id, @Nullable String event, String data) {

        public JsonNode json() {
            return Json.read(data);
        }

        /** Returns the type of an event in the standard format. */
        public String type() {
            return json().path("type").asText();
        }
    }

    /** Reads a body, or the beginning of one. */
    public static Frames of(String body) {
        List<Frame> events = new ArrayList<>();
        List<String> comments = new ArrayList<>();
        int at = 0;
        for (int end = body.indexOf("\n\n"); end >= 0; end = body.indexOf("\n\n", at)) {
            frame(body.substring(at, end), events, comments);
            at = end + 2;
        }
        return new Frames(events, comments);
    }

    private static void frame(String block, List<Frame> events, List<String> comments) {
        String id = null;
        String event = null;
        String data = null;
        for (String line : block.lines().toList()) {
            if (line.startsWith(":")) {
                comments.add(line.substring(1).strip());
            } else if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("event: ")) {
                event = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data = data == null ? line.substring(6) : data + "\n" + line.substring(6);
            } else {
                throw new AssertionError("not a line of an event stream: " + line);
            }
        }
        if (data != null) {
            events.add(new Frame(id, event, data));
        }
    }

    public Frame last() {
        return events.getLast();
    }

    /** Returns the text of all chunks in the standard format. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (Frame frame : events) {
            if (frame.type().equals("chunk")) {
                text.append(frame.json().path("data").path("content").asText());
            }
        }
        return text.toString();
    }

    /** Returns the types of all events in the standard format. */
    public List<String> types() {
        return events.stream().map(Frame::type).toList();
    }

    /** Returns the phases of all status events in the standard format. */
    public List<String> phases() {
        return events.stream()
                .filter(frame -> frame.type().equals("status"))
                .map(frame -> frame.json().path("data").path("phase").asText())
                .toList();
    }

    /** Returns all but {@code [DONE]} as JSON. */
    public List<JsonNode> chunks() {
        return events.stream()
                .filter(frame -> !frame.data().equals("[DONE]"))
                .map(Frame::json)
                .toList();
    }

    /** Returns the text of all chat completion chunks. */
    public String completionText() {
        StringBuilder text = new StringBuilder();
        for (JsonNode chunk : chunks()) {
            text.append(
                    chunk.path("choices").path(0).path("delta").path("content").asText(""));
        }
        return text.toString();
    }
}
