package dev.sluice.gateway.dialect.legacy;

import dev.sluice.gateway.dialect.Dialect;
import dev.sluice.gateway.dialect.Framing;
import dev.sluice.gateway.dialect.StreamEncoder;
import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.dialect.standard.StandardJson;
import dev.sluice.gateway.generation.GenerationInfo;
import dev.sluice.gateway.generation.StreamEvent;

/**
 * {@code {"chunk":"text"}} for text, and for any other event an object with its {@code type} and its fields side by side. One
 * object for each event, so the events of a stream can be counted. Carries no state.
 */
public enum LegacyJsonDialect implements Dialect, StreamEncoder {
    /** With the offset as {@code id}. */
    EVENT_STREAM(Framing.EVENT_STREAM) {
        @Override
        public void encode(long offset, StreamEvent event, Utf8Buffer out) {
            if (!(event instanceof StreamEvent.Reset)) {
                out.raw("id: ").number(offset).raw("\n");
            }
            json(event, out.raw("data: "));
            out.raw("\n\n");
        }
    },
    /** One object a line. */
    LINES(Framing.LINES) {
        @Override
        public void encode(long offset, StreamEvent event, Utf8Buffer out) {
            json(event, out);
            out.raw("\n");
        }
    };

    private final Framing framing;

    LegacyJsonDialect(Framing framing) {
        this.framing = framing;
    }

    @Override
    public StreamEncoder encoder(GenerationInfo info) {
        return this;
    }

    @Override
    public Framing framing() {
        return framing;
    }

    @Override
    public boolean holdsHead() {
        return false;
    }

    @Override
    public boolean stateless() {
        return true;
    }

    private static void json(StreamEvent event, Utf8Buffer out) {
        if (event instanceof StreamEvent.Text text) {
            out.raw("{\"chunk\":").string(text.content()).raw("}");
        } else {
            out.raw("{\"type\":\"").raw(StandardJson.type(event)).raw("\",");
            StandardJson.fields(event, out);
            out.raw("}");
        }
    }
}
