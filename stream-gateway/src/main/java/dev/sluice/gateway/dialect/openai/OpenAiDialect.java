package dev.sluice.gateway.dialect.openai;

import dev.sluice.gateway.dialect.AnswerDialect;
import dev.sluice.gateway.dialect.StreamEncoder;
import dev.sluice.gateway.generation.Answer;
import dev.sluice.gateway.generation.GenerationInfo;

/** {@code chat.completion.chunk} objects, ended by {@code [DONE]}. */
public enum OpenAiDialect implements AnswerDialect {
    /** Without usage, as clients get it who do not ask. */
    PLAIN,
    /** With one last chunk that carries the usage ({@code stream_options.include_usage}). */
    WITH_USAGE;

    @Override
    public StreamEncoder encoder(GenerationInfo info) {
        return new OpenAiEncoder(info, this == WITH_USAGE);
    }

    @Override
    public byte[] whole(GenerationInfo info, Answer answer) {
        return ChatCompletion.of(info, answer);
    }
}
