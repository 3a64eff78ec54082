package dev.sluice.gateway.admission;

import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import java.time.Duration;
import java.util.Locale;

/** Why a request may not run. What is the caller's own doing is {@code RATE_LIMIT}, what is not {@code OVERLOADED}. */
enum Refusal {
    /** The heap is nearly full. */
    MEMORY(ErrorCode.OVERLOADED, "The gateway is short of memory. Try again soon."),
    /** The gateway runs as many streams as it may, and nobody may wait. */
    STREAMS(ErrorCode.OVERLOADED, "The gateway runs as many streams as it may. Try again soon."),
    /** As many wait as may. */
    QUEUE_FULL(ErrorCode.OVERLOADED, "The gateway runs as many streams as it may, and too many wait. Try again soon."),
    /** It waited, and no place became free in time. */
    QUEUE_DEADLINE(ErrorCode.OVERLOADED, "No place became free in time. Try again soon."),
    /** The caller runs as many streams as it may. */
    CALLER_STREAMS(ErrorCode.RATE_LIMIT, "You run as many streams as you may. Try again when one has ended."),
    /** The caller starts streams too often. */
    CALLER_REQUESTS(ErrorCode.RATE_LIMIT, "You start streams faster than you may. Slow down."),
    /** The caller spends tokens too fast. */
    CALLER_TOKENS(
            ErrorCode.RATE_LIMIT, "You spend tokens faster than you may. Slow down, or ask for fewer with max_tokens.");

    private final ErrorCode code;
    private final String message;

    Refusal(ErrorCode code, String message) {
        this.code = code;
        this.message = message;
    }

    /** Returns what the caller is told. */
    GatewayError error(Duration retryAfter) {
        return GatewayError.of(code, message).withRetryAfter(retryAfter);
    }

    /** Returns the value of the metrics' tag. */
    String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
