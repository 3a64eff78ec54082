package dev.sluice.gateway.api;

import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.StreamId;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Duration;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/** The third border of an error: what a {@link GatewayError} looks like before the first byte. */
final class ErrorResponses {

    /** What the official clients still honour; they ignore a longer wait and come back at once. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private ErrorResponses() {}

    /** Returns an error in OpenAI's form. */
    static <T> RestResponse<T> of(GatewayError error) {
        return of(error, ErrorForm.OPENAI);
    }

    static <T> RestResponse<T> of(GatewayError error, ErrorForm form) {
        String requestId = requestId();
        ResponseBuilder<byte[]> response = ResponseBuilder.<byte[]>create(form.status(error))
                .entity(form.body(error, requestId))
                .header(HttpHeaders.CONTENT_TYPE, form.mediaType())
                .header(form.requestIdHeader(), requestId);
        Duration wait = error.retryAfter();
        if (wait != null) {
            Duration told = exceeds(wait) ? LONGEST_WAIT : wait;
            response.header(HttpHeaders.RETRY_AFTER, Math.max(1, Math.ceilDiv(told.toNanos(), 1_000_000_000L)))
                    .header("retry-after-ms", Math.ceilDiv(told.toNanos(), 1_000_000L));
        }
        if (error.status() >= 409 && (!error.retryable() || exceeds(wait))) {
            // The official clients repeat 409, 429 and every 5xx unless they are told that it is of no use.
            response.header("x-should-retry", "false");
        } else if (error.code().fault() == ErrorCode.Fault.CAPACITY) {
            response.header("x-should-retry", "true");
        }
        if (error.code() == ErrorCode.UNAUTHENTICATED) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        @SuppressWarnings("unchecked")
        RestResponse<T> built = (RestResponse<T>) response.build();
        return built;
    }

    /** Whoever came back after the longest wait would come in vain. */
    private static boolean exceeds(@Nullable Duration wait) {
        return wait != null && wait.compareTo(LONGEST_WAIT) > 0;
    }

    /** Mints the name of a request that has no stream. */
    static String requestId() {
        return "req_" + StreamId.random().value().substring(4);
    }
}
