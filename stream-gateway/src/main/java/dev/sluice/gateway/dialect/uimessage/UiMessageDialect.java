package dev.sluice.gateway.dialect.uimessage;

import dev.sluice.gateway.dialect.Dialect;
import dev.sluice.gateway.dialect.StreamEncoder;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GenerationInfo;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The UI message stream, version 1: an answer as the parts of one message, ended by {@code [DONE]}.
 *
 * @param continuedMessage the id of the message that the answer continues; null where it is a new one, which then is named
 *     like its stream
 */
public record UiMessageDialect(@Nullable String continuedMessage) implements Dialect {

    private static final Map<String, String> HEADERS = Map.of("x-vercel-ai-ui-message-stream", "v1");

    @Override
    public StreamEncoder encoder(GenerationInfo info) {
        return new UiMessageEncoder(
                info, continuedMessage == null ? info.key().id().value() : continuedMessage);
    }

    @Override
    public boolean holdsHead() {
        return true;
    }

    /** Whoever stops an answer does not want to see an error, whether some of it had come or not. */
    @Override
    public boolean refusesBy(GatewayError failure) {
        return failure.code() != ErrorCode.CANCELLED;
    }

    @Override
    public Map<String, String> headers() {
        return HEADERS;
    }
}
