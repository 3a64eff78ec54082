package dev.sluice.gateway.api;

import dev.sluice.gateway.dialect.ErrorBody;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.StreamId;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** The third border of an error: what a {@link GatewayError} looks like before the first byte. */
final class ErrorResponses {

    /** What OpenAI's clients still honour; they ignore a longer wait and come back at once. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private ErrorResponses() {}

    static <T> RestResponse<T> of(GatewayError error) {
        return of(error, ErrorBody.of(error), MediaType.APPLICATION_JSON);
    }

    /** Returns the message alone, for clients that show their users the body as it is. */
    static <T> RestResponse<T> message(GatewayError error) {
        return of(error, error.message().getBytes(StandardCharsets.UTF_8), "text/plain; charset=utf-8");
    }

    private static <T> RestResponse<T> of(GatewayError error, byte[] body, String mediaType) {
        ResponseBuilder<byte[]> response = ResponseBuilder.<byte[]>create(error.status())
                .entity(body)
                .header(HttpHeaders.CONTENT_TYPE, mediaType)
                .header("x-request-id", "req_" + StreamId.random().value().substring(4));
        Duration wait = error.retryAfter();
        if (wait != null) {
            Duration told = wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
            response.header(HttpHeaders.RETRY_AFTER, Math.max(1, Math.ceilDiv(told.toMillis(), 1_000L)))
                    .header("retry-after-ms", told.toMillis());
        }
        if (error.status() >= 409 && !error.retryable()) {
            // OpenAI's clients repeat 409, 429 and every 5xx unless they are told that it is of no use.
            response.header("x-should-retry", "false");
        }
        if (error.code() == ErrorCode.UNAUTHENTICATED) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        @SuppressWarnings("unchecked")
        RestResponse<T> built = (RestResponse<T>) response.build();
        return built;
    }
}
