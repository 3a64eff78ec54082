package dev.sluice.gateway.telemetry;

import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.generation.ChunkGaps;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Appends further fields to an open JSON object; what is null is left out. */
final class Fields {

    private static final int MAX_TEXT = 128;

    private final Utf8Buffer out;

    Fields(Utf8Buffer out) {
        this.out = out;
    }

    /** Cuts what is longer than the collector takes, since callers choose some of the names. */
    Fields text(String name, @Nullable String value) {
        if (value != null) {
            name(name).string(value.length() > MAX_TEXT ? value.substring(0, MAX_TEXT) : value);
        }
        return this;
    }

    Fields number(String name, @Nullable Long value) {
        if (value != null) {
            name(name).number(value);
        }
        return this;
    }

    Fields number(String name, long value) {
        name(name).number(value);
        return this;
    }

    Fields flag(String name, boolean value) {
        name(name).raw(value ? "true" : "false");
        return this;
    }

    Fields millis(String name, @Nullable Duration value) {
        if (value != null) {
            name(name).raw(String.format(Locale.ROOT, "%.3f", value.toNanos() / 1e6));
        }
        return this;
    }

    Fields histogram(String name, ChunkGaps gaps) {
        name(name).raw("{");
        List<Long> bounds = ChunkGaps.bounds();
        String separator = "";
        for (int i = 0; i < gaps.counts().size(); i++) {
            if (gaps.counts().get(i) > 0) {
                out.raw(separator).string(i < bounds.size() ? bounds.get(i).toString() : "inf");
                out.raw(":").number(gaps.counts().get(i));
                separator = ",";
            }
        }
        out.raw("}");
        return this;
    }

    private Utf8Buffer name(String name) {
        return out.raw(",\"").raw(name).raw("\":");
    }
}
