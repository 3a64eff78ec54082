package dev.sluice.gateway.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateway.dialect.ErrorBody;
import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.generation.Milestone;
import dev.sluice.gateway.log.StreamLog;
import dev.sluice.gateway.pipeline.GenerationRequest;
import dev.sluice.gateway.transport.websocket.CloseReason;
import dev.sluice.gateway.transport.websocket.StreamSocket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What one client asks for over its socket. Lives on the thread of the connection. */
final class SocketMessages implements Consumer<byte[]> {

    private static final Logger LOG = Logger.getLogger(SocketMessages.class);
    private static final int MAX_BAD = 100;
    private static final int MAX_ECHO = 256;

    private final StreamSocket socket;
    private final SocketServices services;
    private final Caller caller;
    private final Set<Caller> owners;
    private int bad;

    /**
     * @param caller who opened the socket
     * @param owners whose streams may be touched
     */
    SocketMessages(StreamSocket socket, SocketServices services, Caller caller, Set<Caller> owners) {
        this.socket = socket;
        this.services = services;
        this.caller = caller;
        this.owners = owners;
    }

    @Override
    public void accept(byte[] bytes) {
        ObjectNode message = null;
        try {
            message = services.decoder().object(bytes);
            obey(message);
        } catch (GatewayException refused) {
            refuse(message, refused.error());
        } catch (RuntimeException fault) {
            LOG.error("A message failed inside the gateway", fault);
            socket.close(CloseReason.FAILED);
        }
    }

    private void obey(ObjectNode message) {
        echo(message, "request_id");
        switch (RequestDecoder.text(message, "type").orElse("")) {
            case "start" -> start(message);
            case "subscribe" -> subscribe(message);
            case "unsubscribe" -> unsubscribe(message);
            case "abort" -> services.pipeline().abort(find(message).info().key());
            case "ack" -> acknowledge(message);
            case "ping" ->
                socket.send(
                        member("data", echo(message, "data"), answer("pong")).raw("}"));
            default ->
                throw GatewayException.invalid(
                        "type", "type must be start, subscribe, unsubscribe, abort, ack or ping.");
        }
    }

    private void start(ObjectNode message) {
        int window = window(message);
        ObjectNode fields = message.deepCopy();
        fields.remove(List.of("type", "request_id", "window"));
        GenerationRequest request = services.requests().decode(fields, caller);
        String id = request.id().value();
        requireFree(id);
        StreamLog log = services.pipeline().start(request);
        socket.send(about("started", id, message));
        socket.subscribe(log, 0, window);
    }

    private void subscribe(ObjectNode message) {
        int window = window(message);
        StreamLog log = find(message);
        String id = log.info().key().id().value();
        long from = Offsets.first(null, offset(message), log);
        requireFree(id);
        socket.send(about("subscribed", id, message));
        if (log.ended() && from == log.nextOffset()) {
            socket.send(about("unsubscribed", id, message));
            return;
        }
        if (from > 0) {
            services.milestones().reached(new Milestone.Resumed(log.info(), from));
        }
        socket.subscribe(log, from, window);
    }

    private void unsubscribe(ObjectNode message) {
        String id = streamId(message);
        socket.unsubscribe(id);
        socket.send(about("unsubscribed", id, message));
    }

    private void acknowledge(ObjectNode message) {
        String offset = offset(message);
        if (offset == null) {
            throw GatewayException.invalid("offset", "offset is missing.");
        }
        if (!socket.acknowledge(streamId(message), Offsets.parse(offset, "offset"))) {
            throw GatewayException.invalid("offset", "No event of this offset was sent yet.");
        }
    }

    private StreamLog find(ObjectNode message) {
        return services.access().find(streamId(message), caller, owners);
    }

    private void requireFree(String id) {
        if (socket.reads(id)) {
            throw GatewayException.of(ErrorCode.CONFLICT, "This socket already reads the stream.");
        }
        if (socket.streams() >= services.config().maxStreams()) {
            throw GatewayException.of(
                    ErrorCode.RATE_LIMIT,
                    "This socket reads " + socket.streams() + " streams, which is the limit: open another one.");
        }
    }

    private void refuse(@Nullable ObjectNode message, GatewayError error) {
        services.milestones().reached(new Milestone.Rejected(SocketRoute.PATH, null, error));
        Utf8Buffer out = answer("request_error");
        if (message != null) {
            member("request_id", shortText(message.path("request_id")), out);
            member("stream_id", shortText(message.path("stream_id")), out);
        }
        Duration wait = error.retryAfter();
        if (wait != null) {
            out.raw(",\"retry_after_ms\":").number(Math.ceilDiv(wait.toNanos(), 1_000_000L));
        }
        socket.send(ErrorBody.appendObject(error, out.raw(",\"error\":")).raw("}"));
        if (error.code() == ErrorCode.INVALID_REQUEST && ++bad > MAX_BAD) {
            socket.close(CloseReason.BAD_MESSAGES);
        }
    }

    private static String streamId(ObjectNode message) {
        return RequestDecoder.text(message, "stream_id")
                .orElseThrow(() -> GatewayException.invalid("stream_id", "stream_id is missing."));
    }

    private static @Nullable String offset(ObjectNode message) {
        JsonNode value = message.path("offset");
        return value.isMissingNode() || value.isNull() ? null : value.isNumber() ? value.asText() : "";
    }

    private static int window(ObjectNode message) {
        JsonNode value = message.path("window");
        if (value.isMissingNode() || value.isNull()) {
            return StreamSocket.NO_WINDOW;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
            throw GatewayException.invalid("window", "window must be a whole number from 1.");
        }
        return value.intValue();
    }

    private static Utf8Buffer answer(String type) {
        return new Utf8Buffer(256).raw("{\"type\":\"").raw(type).raw("\"");
    }

    private static Utf8Buffer about(String type, String id, ObjectNode message) {
        Utf8Buffer out = member("stream_id", id, answer(type));
        return member("request_id", shortText(message.path("request_id")), out).raw("}");
    }

    private static Utf8Buffer member(String name, @Nullable String value, Utf8Buffer out) {
        return value == null ? out : out.raw(",\"").raw(name).raw("\":").string(value);
    }

    /** Reads what is to be sent back as it is. */
    private static @Nullable String echo(ObjectNode message, String name) {
        String text = RequestDecoder.text(message, name).orElse(null);
        if (text != null && text.length() > MAX_ECHO) {
            throw GatewayException.invalid(name, name + " must have at most " + MAX_ECHO + " characters.");
        }
        return text;
    }

    /** Returns a string that an answer can carry, whatever the message is; null where there is none. */
    private static @Nullable String shortText(JsonNode value) {
        return value.isTextual() && value.textValue().length() <= MAX_ECHO ? value.textValue() : null;
    }
}
