package dev.sluice.gateway.api;

import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.generation.StreamId;
import dev.sluice.gateway.generation.StreamKey;
import dev.sluice.gateway.log.StreamLog;
import dev.sluice.gateway.log.StreamLogs;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which streams a request may touch: its caller's own, and everybody's where the caller is an admin. An admin says with the
 * query parameter {@code caller} whose streams are meant. To others, another caller's stream does not exist.
 */
@Singleton
final class StreamAccess {

    private static final String CALLER = "caller";

    private final Callers callers;
    private final StreamLogs logs;

    StreamAccess(Callers callers, StreamLogs logs) {
        this.callers = callers;
        this.logs = logs;
    }

    /**
     * Finds the stream that a request names. An admin's own stream comes before another's of the same name.
     *
     * @throws GatewayException {@link ErrorCode#STREAM_NOT_FOUND}; {@link ErrorCode#INVALID_REQUEST} where an admin names one
     *     that several callers have; and what {@link #owners} says
     */
    StreamLog find(String id, HttpServerRequest http) {
        Caller asking = callers.identify(http);
        return find(id, asking, owners(asking, http));
    }

    /**
     * Finds the stream of one of these owners. The asking caller's own comes before another's of the same name.
     *
     * @throws GatewayException {@link ErrorCode#STREAM_NOT_FOUND}; {@link ErrorCode#INVALID_REQUEST} where several have it
     */
    StreamLog find(String id, Caller asking, Set<Caller> owners) {
        StreamId name = StreamId.parse(id).orElseThrow(StreamAccess::notFound);
        if (owners.contains(asking)) {
            Optional<StreamLog> own = logs.find(new StreamKey(asking, name));
            if (own.isPresent()) {
                return own.get();
            }
        }
        List<StreamLog> found = owners.stream()
                .map(owner -> logs.find(new StreamKey(owner, name)))
                .flatMap(Optional::stream)
                .toList();
        return switch (found.size()) {
            case 0 -> throw notFound();
            case 1 -> found.getFirst();
            default ->
                throw GatewayException.invalid(
                        CALLER, "Several callers have a stream of this name: say whose with ?caller=.");
        };
    }

    /**
     * Returns whose streams a request is about.
     *
     * @throws GatewayException {@link ErrorCode#FORBIDDEN} where somebody else than an admin asks for another caller's;
     *     {@link ErrorCode#INVALID_REQUEST} where there is no such caller
     */
    Set<Caller> owners(Caller asking, HttpServerRequest http) {
        String named = http.getParam(CALLER);
        if (named == null) {
            return callers.isAdmin(asking) ? callers.configured() : Set.of(asking);
        }
        requireAdmin(asking, "Only an admin may name a caller.");
        Caller owner = new Caller(named);
        if (!callers.configured().contains(owner)) {
            throw GatewayException.invalid(CALLER, "There is no caller of this name.");
        }
        return Set.of(owner);
    }

    /** Returns whose streams are to end: the asking caller's own, unless it is an admin and names another, or all. */
    Set<Caller> toAbort(Caller asking, @Nullable String all, HttpServerRequest http) {
        if (http.getParam(CALLER) != null) {
            return owners(asking, http);
        }
        return switch (all) {
            case null -> Set.of(asking);
            case "false" -> Set.of(asking);
            case "true" -> {
                requireAdmin(asking, "Only an admin may end the streams of all callers.");
                yield callers.configured();
            }
            default -> throw GatewayException.invalid("all", "all must be true or false.");
        };
    }

    private void requireAdmin(Caller asking, String otherwise) {
        if (!callers.isAdmin(asking)) {
            throw GatewayException.of(ErrorCode.FORBIDDEN, otherwise);
        }
    }

    private static GatewayException notFound() {
        return GatewayException.of(ErrorCode.STREAM_NOT_FOUND, "There is no such stream, or it is no longer kept.");
    }
}
