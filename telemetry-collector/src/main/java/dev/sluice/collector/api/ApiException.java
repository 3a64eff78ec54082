package dev.sluice.collector.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A request that is answered with an error. The message is for the caller and repeats nothing that the caller sent. */
public final class ApiException extends RuntimeException {

    private final ErrorCode code;
    private final @Nullable String param;
    private final @Nullable Duration retryAfter;

    private ApiException(ErrorCode code, String message, @Nullable String param, @Nullable Duration retryAfter) {
        // No stack trace: this is an answer, and a flood of bad requests must stay cheap.
        super(message, null, false, false);
        this.code = code;
        this.param = param;
        this.retryAfter = retryAfter;
    }

    /** The caller's fault. {@code param} names the offending part of the request, or is null. */
    public static ApiException of(ErrorCode code, String message, @Nullable String param) {
        return new ApiException(code, message, param, null);
    }

    /** Nobody's fault: the same request may succeed after a while. */
    public static ApiException retryLater(ErrorCode code, String message, Duration retryAfter) {
        return new ApiException(code, message, null, retryAfter);
    }

    public ErrorCode code() {
        return code;
    }

    @Nullable
    String param() {
        return param;
    }

    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }
}
