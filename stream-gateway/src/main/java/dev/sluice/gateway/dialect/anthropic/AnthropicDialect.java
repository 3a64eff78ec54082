package dev.sluice.gateway.dialect.anthropic;

import dev.sluice.gateway.dialect.AnswerDialect;
import dev.sluice.gateway.dialect.StreamEncoder;
import dev.sluice.gateway.generation.Answer;
import dev.sluice.gateway.generation.GenerationInfo;

/** Named events from {@code message_start} to {@code message_stop}. */
public enum AnthropicDialect implements AnswerDialect {
    /** The only form there is. */
    MESSAGES;

    @Override
    public StreamEncoder encoder(GenerationInfo info) {
        return new AnthropicEncoder(info);
    }

    @Override
    public String requestIdHeader() {
        return "request-id";
    }

    @Override
    public byte[] whole(GenerationInfo info, Answer answer) {
        return AnthropicMessage.of(info, answer);
    }
}
