package dev.sluice.gateway.dialect.standard;

import dev.sluice.gateway.dialect.Dialect;
import dev.sluice.gateway.dialect.Framing;
import dev.sluice.gateway.dialect.StreamEncoder;
import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.generation.GenerationInfo;
import dev.sluice.gateway.generation.StreamEvent;

/** Sluice's own events. They carry no state, so one encoder serves all streams. */
public enum StandardDialect implements Dialect, StreamEncoder {
    /** {@code id} and {@code data} lines only, so that a browser's {@code EventSource.onmessage} gets every event. */
    EVENT_STREAM(Framing.EVENT_STREAM) {
        @Override
        public void encode(long offset, StreamEvent event, Utf8Buffer out) {
            if (!(event instanceof StreamEvent.Reset)) {
                out.raw("id: ").number(offset).raw("\n");
            }
            out.raw("data: ");
            StandardJson.append(offset, event, out);
            out.raw("\n\n");
        }
    },
    /** One event a line; the offset is in the object. */
    LINES(Framing.LINES) {
        @Override
        public void encode(long offset, StreamEvent event, Utf8Buffer out) {
            StandardJson.append(offset, event, out);
            out.raw("\n");
        }
    };

    private final Framing framing;

    StandardDialect(Framing framing) {
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
}
