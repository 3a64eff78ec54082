package dev.sluice.gateway.dialect.anthropic;

import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.generation.GatewayError;

/** Anthropic's error object, before the first byte and amid a stream. */
public final class AnthropicError {

    /** What Anthropic's clients know as overload; 503 they take for any other server error. */
    private static final int OVERLOADED = 529;

    private AnthropicError() {}

    /** Returns the HTTP status before the first byte. */
    public static int status(GatewayError error) {
        return error.status() == 503 ? OVERLOADED : error.status();
    }

    /** Returns the whole JSON body. */
    public static byte[] of(GatewayError error, String requestId) {
        return append(error, requestId, new Utf8Buffer(256)).toBytes();
    }

    /** Appends the whole JSON body. Sluice's own code is where the official clients look for a more precise one. */
    static Utf8Buffer append(GatewayError error, String requestId, Utf8Buffer out) {
        out.raw("{\"type\":\"error\",\"error\":{\"type\":").string(type(error));
        out.raw(",\"message\":").string(error.message());
        out.raw(",\"details\":{\"error_code\":").string(error.code().name());
        return out.raw("}},\"request_id\":").string(requestId).raw("}");
    }

    private static String type(GatewayError error) {
        return switch (status(error)) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 409 -> "conflict_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 504 -> "timeout_error";
            case OVERLOADED -> "overloaded_error";
            // An aborted stream is nobody's mistake.
            case 499 -> "api_error";
            default -> error.status() < 500 ? "invalid_request_error" : "api_error";
        };
    }
}
