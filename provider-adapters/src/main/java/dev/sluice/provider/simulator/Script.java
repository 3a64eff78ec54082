package dev.sluice.provider.simulator;

import dev.sluice.provider.ProviderFailure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a request wants the simulator to do, checked.
 *
 * @param chunks number of text chunks, -1 for the demonstration in full
 * @param firstMs milliseconds before the first chunk
 * @param intervalMs milliseconds between chunks
 * @param reasoning number of reasoning chunks
 * @param toolCall whether a tool call follows the text
 * @param failFirst how many attempts fail, 0 for all of them where there is a status
 * @param status the HTTP status to fail with, 0 for none
 * @param retryAfter the wait that such a failure asks for, null for none
 * @param dieAfter number of text chunks after which the connection breaks, -1 for never
 * @param stallAfter number of text chunks after which nothing more comes, -1 for never
 * @param streams whether the model streams
 */
record Script(
        int chunks,
        int firstMs,
        int intervalMs,
        int reasoning,
        boolean toolCall,
        int failFirst,
        int status,
        @Nullable Duration retryAfter,
        int dieAfter,
        int stallAfter,
        boolean streams) {

    private static final int DEFAULT_STATUS = 503;

    /** Returns the script of the answer in one piece: what befalls streams does not befall it. */
    Script whole() {
        return new Script(
                chunks, firstMs, intervalMs, reasoning, toolCall, failFirst, status, retryAfter, -1, -1, true);
    }

    /** Returns how an attempt that the script lets fail does fail, null where the script lets none fail. */
    @Nullable
    ProviderFailure refusal() {
        if (status == 0 && failFirst == 0) {
            return null;
        }
        int effective = status == 0 ? DEFAULT_STATUS : status;
        String message = "The simulator was told to answer with HTTP status " + effective + ".";
        return switch (effective) {
            case 401, 403 -> new ProviderFailure.Unauthorized(effective, message);
            case 402 -> new ProviderFailure.QuotaExhausted(message);
            case 429 -> new ProviderFailure.RateLimited(retryAfter, message);
            case 408, 498 -> new ProviderFailure.Server(effective, retryAfter, message);
            default ->
                effective >= 500
                        ? new ProviderFailure.Server(effective, retryAfter, message)
                        : new ProviderFailure.Rejected(effective, "simulated", null, message);
        };
    }
}
