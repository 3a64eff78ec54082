package dev.sluice.collector.api;

/** Every code that a caller may see, with its HTTP status and OpenAI's word for whose fault it is. */
public enum ErrorCode {
    INVALID_REQUEST(400, "invalid_request_error"),
    NOT_FOUND(404, "invalid_request_error"),
    METHOD_NOT_ALLOWED(405, "invalid_request_error"),
    NOT_ACCEPTABLE(406, "invalid_request_error"),
    PAYLOAD_TOO_LARGE(413, "invalid_request_error"),
    UNSUPPORTED_MEDIA_TYPE(415, "invalid_request_error"),
    OVERLOADED(503, "server_error"),
    UNAVAILABLE(503, "server_error"),
    INTERNAL(500, "server_error");

    private final int status;
    private final String type;

    ErrorCode(int status, String type) {
        this.status = status;
        this.type = type;
    }

    public int status() {
        return status;
    }

    String type() {
        return type;
    }

    /** The code for a status that the HTTP layer came up with. */
    static ErrorCode ofStatus(int status) {
        for (var code : values()) {
            if (code.status == status) {
                return code;
            }
        }
        return status < 500 ? INVALID_REQUEST : INTERNAL;
    }
}
