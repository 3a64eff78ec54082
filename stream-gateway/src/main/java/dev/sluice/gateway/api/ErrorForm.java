package dev.sluice.gateway.api;

import dev.sluice.gateway.dialect.ErrorBody;
import dev.sluice.gateway.dialect.anthropic.AnthropicError;
import dev.sluice.gateway.generation.GatewayError;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What an error looks like before the first byte, as the clients of a path expect it. */
enum ErrorForm {
    /** Everywhere but where another is expected. */
    OPENAI("x-request-id", MediaType.APPLICATION_JSON) {
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
    ANTHROPIC("request-id", MediaType.APPLICATION_JSON) {
        @Override
        int status(GatewayError error) {
            return AnthropicError.status(error);
        }

        @Override
        byte[] body(GatewayError error, String requestId) {
            return AnthropicError.of(error, requestId);
        }
    },
    /** Below {@code /api/chat}, whose clients show their users the body as it is. */
    SENTENCE("x-request-id", "text/plain; charset=utf-8") {
        @Override
        int status(GatewayError error) {
            return error.status();
        }

        @Override
        byte[] body(GatewayError error, String requestId) {
            return error.message().getBytes(StandardCharsets.UTF_8);
        }
    };

    private final String requestIdHeader;
    private final String mediaType;

    ErrorForm(String requestIdHeader, String mediaType) {
        this.requestIdHeader = requestIdHeader;
        this.mediaType = mediaType;
    }

    /** Returns the form for whatever goes wrong at a path; not every request has one. */
    static ErrorForm of(@Nullable String path) {
        if (path == null) {
            return OPENAI;
        }
        if (isWithin(path, MessagesResource.PATH)) {
            return ANTHROPIC;
        }
        return isWithin(path, ChatResource.PATH) ? SENTENCE : OPENAI;
    }

    private static boolean isWithin(String path, String root) {
        return path.startsWith(root) && (path.length() == root.length() || path.charAt(root.length()) == '/');
    }

    /** Returns the body's {@code Content-Type}. */
    String mediaType() {
        return mediaType;
    }

    /** Returns the header in which clients look for the request's id. */
    String requestIdHeader() {
        return requestIdHeader;
    }

    /** Returns the HTTP status. */
    abstract int status(GatewayError error);

    /** Returns the body. */
    abstract byte[] body(GatewayError error, String requestId);
}
