package dev.sluice.gateway.dialect.legacy;

import dev.sluice.gateway.dialect.Dialect;
import dev.sluice.gateway.dialect.StreamEncoder;
import dev.sluice.gateway.generation.GenerationInfo;

/** The text of an answer and nothing else, as the data of server-sent events. */
public enum TextDialect implements Dialect {
    /** The only form it has. */
    EVENT_STREAM;

    @Override
    public StreamEncoder encoder(GenerationInfo info) {
        return new TextEncoder();
    }
}
