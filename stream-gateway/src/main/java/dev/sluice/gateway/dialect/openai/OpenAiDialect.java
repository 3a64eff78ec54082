package dev.sluice.gateway.dialect.openai;

import dev.sluice.gateway.dialect.Dialect;
import dev.sluice.gateway.dialect.Framing;
import dev.sluice.gateway.dialect.StreamEncoder;
import dev.sluice.gateway.generation.GenerationInfo;

/** {@code chat.completion.chunk} objects, ended by {@code [DONE]}. */
public enum OpenAiDialect implements Dialect {
    /** Without usage, as clients get it who do not ask. */
    PLAIN,
    /** With one last chunk that carries the usage ({@code stream_options.include_usage}). */
    WITH_USAGE;

    @Override
    public StreamEncoder encoder(GenerationInfo info) {
        return new OpenAiEncoder(info, this == WITH_USAGE);
    }

    @Override
    public Framing framing() {
        return Framing.EVENT_STREAM;
    }

    @Override
    public boolean holdsHead() {
        return true;
    }
}
