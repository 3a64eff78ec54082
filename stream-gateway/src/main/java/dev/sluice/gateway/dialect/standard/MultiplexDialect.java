package dev.sluice.gateway.dialect.standard;

import dev.sluice.gateway.dialect.Dialect;
import dev.sluice.gateway.dialect.Framing;
import dev.sluice.gateway.dialect.StreamEncoder;
import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.generation.GenerationInfo;

/** Sluice's own events for a connection that carries several streams: each says first whose event it is. */
public enum MultiplexDialect implements Dialect {
    /** One event a line. A line holds no line break of its own. */
    LINES;

    @Override
    public StreamEncoder encoder(GenerationInfo info) {
        byte[] opening = new Utf8Buffer(64)
                .raw("{\"stream_id\":")
                .string(info.key().id().value())
                .raw(",")
                .toBytes();
        return (offset, event, out) -> {
            StandardJson.members(offset, event, out.raw(opening));
            out.raw("}\n");
        };
    }

    @Override
    public Framing framing() {
        return Framing.LINES;
    }

    @Override
    public boolean stateless() {
        return true;
    }
}
