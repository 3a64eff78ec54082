package dev.sluice.bench;

import dev.sluice.bench.figures.ProcessMeter;
import dev.sluice.bench.net.Http;
import dev.sluice.bench.upstream.Script;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A way to the provider that is measured.
 *
 * @param name as the table shows it
 * @param port where it begins
 * @param prefix what a model's name begins with on this way
 * @param process what stands in the way, null where nothing does
 */
record Route(String name, int port, String prefix, @Nullable ProcessHandle process) {

    /** Returns a request for a stream in OpenAI's format. */
    byte[] chat(Script script) {
        return Http.request(
                "POST", port, "/v1/chat/completions", body(script, "\"stream\":true"), "Accept: text/event-stream");
    }

    /** Returns a request's body with the fields given and some prompt. */
    String body(Script script, String fields) {
        return "{\"model\":\"" + prefix + script.model() + "\"," + fields
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    }

    /** Begins to measure what it costs; a list without an element where nothing is in the way. */
    List<ProcessMeter> meters() {
        return process == null ? List.of() : List.of(new ProcessMeter(process));
    }
}
