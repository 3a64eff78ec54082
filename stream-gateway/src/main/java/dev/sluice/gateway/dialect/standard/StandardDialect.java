package dev.sluice.gateway.dialect.standard;

import dev.sluice.gateway.dialect.EventDialect;
import dev.sluice.gateway.dialect.Framing;

/** Sluice's own events; the offset is in each of them. */
public final class StandardDialect {

    /** With the offset also as {@code id}. */
    public static final EventDialect EVENT_STREAM = new EventDialect(Framing.EVENT_STREAM, StandardJson::append);

    /** One event a line. */
    public static final EventDialect LINES = new EventDialect(Framing.LINES, StandardJson::append);

    private StandardDialect() {}
}
