package dev.sluice.gateway.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A strict reading of server-sent events: known fields only, each once, one line each, a blank line after each frame. */
public final class Frames {

    private static final JsonMapper JSON = new JsonMapper();

    private Frames() {}

    /** Returns the fields of each frame. */
    public static List<Map<String, String>> of(String stream) {
        assertThat(stream).endsWith("\n\n").doesNotContain("\r").doesNotContain("\n\n\n");
        List<Map<String, String>> frames = new ArrayList<>();
        for (String block : stream.substring(0, stream.length() - 2).split("\n\n", -1)) {
            Map<String, String> fields = new LinkedHashMap<>();
            for (String line : block.split("\n", -1)) {
                String[] parts = line.split(": ", 2);
                assertThat(parts).as(line).hasSize(2);
                assertThat(parts[0]).isIn("id", "event", "data");
                assertThat(fields.put(parts[0], parts[1]))
                        .as("twice in " + block)
                        .isNull();
            }
            assertThat(fields).containsKey("data");
            frames.add(fields);
        }
        return frames;
    }

    /** Returns the data of a frame. */
    public static JsonNode json(Map<String, String> frame) {
        try {
            return JSON.readTree(frame.get("data"));
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + frame, e);
        }
    }
}
