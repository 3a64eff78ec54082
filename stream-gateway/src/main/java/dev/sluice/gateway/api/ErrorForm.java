package dev.sluice.gateway.api;

import dev.sluice.gateway.dialect.ErrorBody;
import dev.sluice.gateway.dialect.anthropic.AnthropicError;
import dev.sluice.gateway.generation.GatewayError;
import org.jspecify.annotations.Nullable;

/** What an error looks like before the first byte, as the clients of a path expect it. */
enum ErrorForm {
    /** Everywhere but where another is expected. */
    OPENAI("x-request-id") {
        @Override
        int status(GatewayError error) {
            return error.status();
        }

        @Override
        byte[] body(GatewayError error, String requestId) {
            return ErrorBody.of(error);
        }
    },
    /** Below {@code /v1/messages}. */
    ANTHROPIC("request-id") {
        @Override
        int status(GatewayError error) {
            return AnthropicError.status(error);
        }

        @Override
        byte[] body(GatewayError error, String requestId) {
            return AnthropicError.of(error, requestId);
        }
    };

    private final String requestIdHeader;

    ErrorForm(String requestIdHeader) {
        this.requestIdHeader = requestIdHeader;
    }

    /** Returns the form for whatever goes wrong at a path; not every request has one. */
    static ErrorForm of(@Nullable String path) {
        boolean messages =
                path != null && (path.equals(MessagesResource.PATH) || path.startsWith(MessagesResource.PATH + "/"));
        return messages ? ANTHROPIC : OPENAI;
    }

    /** Returns the header in which clients look for the request's id. */
    String requestIdHeader() {
        return requestIdHeader;
    }

    /** Returns the HTTP status. */
    abstract int status(GatewayError error);

    /** Returns the JSON body. */
    abstract byte[] body(GatewayError error, String requestId);
}
