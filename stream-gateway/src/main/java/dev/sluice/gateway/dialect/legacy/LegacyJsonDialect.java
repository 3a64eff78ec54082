package dev.sluice.gateway.dialect.legacy;

import dev.sluice.gateway.dialect.EventDialect;
import dev.sluice.gateway.dialect.Framing;
import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.dialect.standard.StandardJson;
import dev.sluice.gateway.generation.StreamEvent;

/** {@code {"chunk":"text"}} for text, and for any other event an object with its {@code type} and its fields side by side. */
public final class LegacyJsonDialect {

    /** With the offset as {@code id}. */
    public static final EventDialect EVENT_STREAM = new EventDialect(Framing.EVENT_STREAM, LegacyJsonDialect::json);

    /** One object a line. */
    public static final EventDialect LINES = new EventDialect(Framing.LINES, LegacyJsonDialect::json);

    private LegacyJsonDialect() {}

    private static void json(long offset, StreamEvent event, Utf8Buffer out) {
        if (event instanceof StreamEvent.Text text) {
            out.raw("{\"chunk\":").string(text.content()).raw("}");
        } else {
            out.raw("{\"type\":\"").raw(StandardJson.type(event)).raw("\",");
            StandardJson.fields(event, out);
            out.raw("}");
        }
    }
}
