package dev.sluice.bench.soak;

import dev.sluice.bench.upstream.Script;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How far one reader of a stream in Sluice's own format has come. Each event must be the next one, whatever was lost between. */
final class Following {

    private final String id;
    private final Script script;
    private final Telling telling;
    private long next;

    Following(String id, Script script) {
        this.id = id;
        this.script = script;
        this.telling = new Telling(script);
    }

    /** The next event came. */
    void event(Map<String, @Nullable Object> event) {
        long offset = Json.number(event, "offset", -1);
        if (offset != next) {
            throw fault("event " + offset + " came");
        }
        next++;
        switch (String.valueOf(event.get("type"))) {
            case "chunk" -> telling.text(String.valueOf(Json.string(event, "data", "content")));
            case "complete" -> {
                telling.end(Telling.COMPLETE);
                if (!script.text().equals(Json.string(event, "data", "final_response"))) {
                    throw fault("final_response is not the text");
                }
            }
            case "error" -> telling.end(String.valueOf(Json.string(event, "data", "code")));
            default -> {} // A status says nothing of the text.
        }
    }

    String id() {
        return id;
    }

    /** Returns the offset of the event that comes next. */
    long next() {
        return next;
    }

    boolean ended() {
        return telling.ended();
    }

    Telling telling() {
        return telling;
    }

    /** Returns a fault of this stream that says where it was met. */
    Telling.Fault fault(String what) {
        return new Telling.Fault(script, what + ", where offset " + next + " should follow");
    }
}
