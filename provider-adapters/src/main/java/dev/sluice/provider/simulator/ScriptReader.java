package dev.sluice.provider.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.provider.ProviderException;
import dev.sluice.provider.ProviderFailure;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a script and refuses whatever in it cannot be meant. */
final class ScriptReader {

    private static final String PREFIX = "sluice.simulate";
    private static final int MAX_CHUNKS = 100_000;
    private static final int MAX_INTERVAL_MS = 60_000;
    private static final int MAX_FIRST_MS = 600_000;
    private static final int MAX_ATTEMPTS = 1_000;
    private static final double MAX_RETRY_AFTER_S = 86_400;
    private static final Set<String> FIELDS = Set.of(
            "chunks",
            "first_ms",
            "interval_ms",
            "reasoning",
            "tool_call",
            "fail_first",
            "status",
            "retry_after",
            "die_after",
            "stall_after",
            "streams");

    private final JsonNode script;

    ScriptReader(JsonNode script) {
        this.script = script;
    }

    /** Returns the script; fails with a {@link ProviderException} that names the field at fault. */
    Script read() {
        if (!script.isMissingNode() && !script.isNull() && !script.isObject()) {
            throw invalid(PREFIX, "must be an object");
        }
        for (String field : (Iterable<String>) script::fieldNames) {
            if (!FIELDS.contains(field)) {
                throw invalid(PREFIX, "has a field that the simulator does not know");
            }
        }
        return new Script(
                integer("chunks", 0, MAX_CHUNKS, -1),
                integer("first_ms", 0, MAX_FIRST_MS, 150),
                integer("interval_ms", 0, MAX_INTERVAL_MS, 20),
                integer("reasoning", 0, MAX_CHUNKS, 0),
                flag("tool_call", false),
                integer("fail_first", 0, MAX_ATTEMPTS, 0),
                integer("status", 400, 599, 0),
                seconds("retry_after"),
                integer("die_after", 0, MAX_CHUNKS, -1),
                integer("stall_after", 0, MAX_CHUNKS, -1),
                flag("streams", true));
    }

    private int integer(String field, int min, int max, int otherwise) {
        JsonNode value = script.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < min || value.intValue() > max) {
            throw invalid(PREFIX + "." + field, "must be a whole number from " + min + " to " + max);
        }
        return value.intValue();
    }

    private boolean flag(String field, boolean otherwise) {
        JsonNode value = script.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw invalid(PREFIX + "." + field, "must be true or false");
        }
        return value.booleanValue();
    }

    private @Nullable Duration seconds(String field) {
        JsonNode value = script.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        double seconds = value.isNumber() ? value.doubleValue() : Double.NaN;
        if (!(seconds >= 0 && seconds <= MAX_RETRY_AFTER_S)) {
            throw invalid(PREFIX + "." + field, "must be a number of seconds from 0 to 86400");
        }
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    private static ProviderException invalid(String field, String demand) {
        return new ProviderException(
                new ProviderFailure.Rejected(400, "invalid_value", field, "'" + field + "' " + demand + "."));
    }
}
