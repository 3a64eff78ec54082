package dev.sluice.gateway.dialect;

import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GenerationInfo;
import java.util.Map;

/** One public format of a stream. Thread-safe. */
public interface Dialect {

    /** Returns an encoder for one reader of one stream. */
    StreamEncoder encoder(GenerationInfo info);

    /** Returns how its events are set apart: as server-sent events, unless it says otherwise. */
    default Framing framing() {
        return Framing.EVENT_STREAM;
    }

    /**
     * Whether the response's head waits for the first visible event. Then a failure before it has a real HTTP status;
     * otherwise it is an event like any other.
     */
    default boolean holdsHead() {
        return false;
    }

    /**
     * Whether a failure before the first visible event is told by an HTTP status. Only asked of a format that holds the head;
     * what is not told so is an event, with a status that says success.
     */
    default boolean refusesBy(GatewayError failure) {
        return true;
    }

    /**
     * Whether an event has the same bytes for every reader, wherever that reader began. Then several readers of a stream can
     * share them.
     */
    default boolean stateless() {
        return false;
    }

    /** Returns the header in which this format's clients look for the request's id. */
    default String requestIdHeader() {
        return "x-request-id";
    }

    /** Returns headers that this format's clients look for, besides those that every stream has. */
    default Map<String, String> headers() {
        return Map.of();
    }
}
