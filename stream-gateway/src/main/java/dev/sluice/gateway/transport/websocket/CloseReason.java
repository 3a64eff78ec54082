package dev.sluice.gateway.transport.websocket;

/** Why we close a socket. The texts fit into a close frame. */
public enum CloseReason {
    /** The gateway stops. */
    SHUTDOWN(1001, "The gateway stops."),
    /** A text message is no UTF-8, or a compressed one cannot be inflated. */
    BAD_DATA(1007, "The message is no valid UTF-8 or is compressed wrongly."),
    /** The client sent too much that is no request. */
    BAD_MESSAGES(1008, "Too many messages could not be understood."),
    /** The client answers no ping. */
    SILENT(1008, "No ping was answered."),
    /** A message is larger than a request may be. */
    TOO_BIG(1009, "The message is too large."),
    /** All sockets together hold too much of messages that have not ended. */
    CROWDED(1013, "Too many large messages are under way. Come back soon."),
    /** A fault of ours. */
    FAILED(1011, "The gateway failed."),
    /** The client does not read. */
    TOO_SLOW(1013, "Nothing was read for too long. Subscribe again from the last offset.");

    private final short code;
    private final String text;

    CloseReason(int code, String text) {
        this.code = (short) code;
        this.text = text;
    }

    /** Returns the status code of the close frame. */
    short code() {
        return code;
    }

    /** Returns what the close frame says to a person. */
    String text() {
        return text;
    }
}
