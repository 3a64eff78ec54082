package dev.sluice.gateway.dialect;

/** How the events of one HTTP response are set apart. */
public enum Framing {
    /** Server-sent events (WHATWG HTML, section 9.2); what is no event is a comment. */
    EVENT_STREAM("text/event-stream; charset=utf-8", ": heartbeat\n\n") {
        @Override
        public void open(String streamId, Utf8Buffer out) {
            out.raw(": stream ").raw(streamId).raw("\n\n");
        }
    },
    /** One JSON object a line; an empty line says nothing. */
    LINES("application/x-ndjson", "\n") {
        @Override
        public void open(String streamId, Utf8Buffer out) {
            out.raw("\n");
        }
    };

    private final String mediaType;
    private final String heartbeat;

    Framing(String mediaType, String heartbeat) {
        this.mediaType = mediaType;
        this.heartbeat = heartbeat;
    }

    /** Returns the {@code Content-Type} of such a response. */
    public String mediaType() {
        return mediaType;
    }

    /** Appends what goes out at once, before any event, so that the client sees that it is connected. */
    public abstract void open(String streamId, Utf8Buffer out);

    /** Appends what keeps a silent line warm and means nothing. */
    public void heartbeat(Utf8Buffer out) {
        out.raw(heartbeat);
    }
}
