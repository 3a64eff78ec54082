package dev.sluice.gateway.generation;

/** Every public error code, with the HTTP status it has before the first byte. The same table is in docs/guides/errors.md. */
public enum ErrorCode {
    INVALID_REQUEST(400, Fault.CALLER, false, "invalid_request_error"),
    UNAUTHENTICATED(401, Fault.CALLER, false, "authentication_error"),
    FORBIDDEN(403, Fault.CALLER, false, "permission_error"),
    MODEL_NOT_FOUND(404, Fault.CALLER, false, "invalid_request_error"),
    STREAM_NOT_FOUND(404, Fault.CALLER, false, "invalid_request_error"),
    NOT_FOUND(404, Fault.CALLER, false, "invalid_request_error"),
    METHOD_NOT_ALLOWED(405, Fault.CALLER, false, "invalid_request_error"),
    NOT_ACCEPTABLE(406, Fault.CALLER, false, "invalid_request_error"),
    CONFLICT(409, Fault.CALLER, false, "conflict_error"),
    GONE(410, Fault.CALLER, false, "invalid_request_error"),
    PAYLOAD_TOO_LARGE(413, Fault.CALLER, false, "invalid_request_error"),
    UNSUPPORTED_MEDIA_TYPE(415, Fault.CALLER, false, "invalid_request_error"),
    UPGRADE_REQUIRED(426, Fault.CALLER, false, "invalid_request_error"),
    RATE_LIMIT(429, Fault.CAPACITY, true, "rate_limit_error"),
    CANCELLED(499, Fault.CALLER, false, "cancelled"),
    INTERNAL(500, Fault.GATEWAY, false, "server_error"),
    NETWORK(502, Fault.UPSTREAM, true, "upstream_error"),
    SERVER(502, Fault.UPSTREAM, true, "upstream_error"),
    PARSE(502, Fault.UPSTREAM, false, "upstream_error"),
    PROVIDER_REJECTED(502, Fault.UPSTREAM, false, "upstream_error"),
    MAX_RETRIES_EXCEEDED(502, Fault.UPSTREAM, false, "upstream_error"),
    CIRCUIT_OPEN(503, Fault.UPSTREAM, false, "service_unavailable_error"),
    OVERLOADED(503, Fault.CAPACITY, true, "service_unavailable_error"),
    TIMEOUT(504, Fault.UPSTREAM, true, "timeout_error");

    /** Who has to act. */
    public enum Fault {
        /** The request, or who sent it. */
        CALLER,
        /** Too much at once. */
        CAPACITY,
        /** The provider, or the way to it. */
        UPSTREAM,
        /** Sluice itself. */
        GATEWAY
    }

    private final int status;
    private final Fault fault;
    private final boolean retryable;
    private final String type;

    ErrorCode(int status, Fault fault, boolean retryable, String type) {
        this.status = status;
        this.fault = fault;
        this.retryable = retryable;
        this.type = type;
    }

    /** Returns the HTTP status of this error before the first byte. */
    public int status() {
        return status;
    }

    /** Returns who has to act. */
    public Fault fault() {
        return fault;
    }

    /** Whether the caller may succeed by sending the same again a little later. */
    public boolean retryable() {
        return retryable;
    }

    /** Returns the {@code type} of OpenAI's error object. */
    public String type() {
        return type;
    }
}
