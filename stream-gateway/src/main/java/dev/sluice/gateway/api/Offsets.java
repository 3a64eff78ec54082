package dev.sluice.gateway.api;

import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.log.StreamLog;
import org.jspecify.annotations.Nullable;

/** Where a reader begins. */
final class Offsets {

    private static final int MAX_DIGITS = 18;

    private Offsets() {}

    /**
     * Returns the first offset to read.
     *
     * @param lastEventId the last one that was read; wins over {@code offset}
     * @param offset the first one to read
     * @throws GatewayException {@code INVALID_REQUEST} for what is no offset, or lies beyond the log's end
     */
    static long first(@Nullable String lastEventId, @Nullable String offset, StreamLog log) {
        if (lastEventId != null && !lastEventId.isEmpty()) {
            return within(parse(lastEventId, "Last-Event-ID") + 1, "Last-Event-ID", log);
        }
        return offset == null ? 0 : within(parse(offset, "offset"), "offset", log);
    }

    /** Reads an offset. */
    static long parse(String text, String param) {
        if (text.isEmpty()
                || text.length() > MAX_DIGITS
                || !text.chars().allMatch(character -> character >= '0' && character <= '9')) {
            throw GatewayException.invalid(param, param + " must be the offset of an event: a whole number from 0.");
        }
        return Long.parseLong(text);
    }

    private static long within(long from, String param, StreamLog log) {
        if (from > log.nextOffset()) {
            throw GatewayException.invalid(param, param + " lies beyond the end of the stream.");
        }
        return from;
    }
}
