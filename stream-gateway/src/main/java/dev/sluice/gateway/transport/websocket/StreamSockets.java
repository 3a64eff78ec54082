package dev.sluice.gateway.transport.websocket;

import dev.sluice.gateway.time.Timers;
import dev.sluice.gateway.transport.ClientWriteClock;
import dev.sluice.gateway.transport.Connections;
import dev.sluice.gateway.transport.FrameReaders;
import dev.sluice.gateway.transport.TransportConfig;
import dev.sluice.memory.MemoryShare;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The sockets that are open. Thread-safe. */
@Singleton
public final class StreamSockets {

    /** What a client may ask for in {@code Sec-WebSocket-Protocol}. */
    public static final String SUBPROTOCOL = "sluice.v1";

    /** Later than the streams' own end, so that their last events still go out. */
    private static final int AFTER_THE_STREAMS = Interceptor.Priority.APPLICATION + 1_000;

    private final Set<StreamSocket> open = ConcurrentHashMap.newKeySet();
    private final FrameReaders readers;
    private final ClientWriteClock clientWrite;
    private final Timers timers;
    private final TransportConfig config;
    private final SocketConfig sockets;
    private final Vertx vertx;
    private final long maxMessageBytes;
    private final int maxInflatedBytes;
    private final MemoryShare memory;

    StreamSockets(
            FrameReaders readers,
            ClientWriteClock clientWrite,
            Timers timers,
            TransportConfig config,
            SocketConfig sockets,
            Vertx vertx,
            MemoryShare memory,
            MeterRegistry meters,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize maxMessage) {
        this.readers = readers;
        this.clientWrite = clientWrite;
        this.timers = timers;
        this.config = config;
        this.sockets = sockets;
        this.vertx = vertx;
        this.memory = memory;
        this.maxMessageBytes = maxMessage.asLongValue();
        // Inflating makes room by doubling; what is larger than a message may be is refused exactly later.
        this.maxInflatedBytes = (int) Math.min(Integer.MAX_VALUE, 2 * maxMessageBytes);
        meters.gaugeCollectionSize("sluice.sockets", Tags.empty(), open);
    }

    /**
     * Opens the socket that a request asks for, on the request's Vert.x context.
     *
     * @param binary whether messages are sent as binary ones
     * @param messages makes what gets the client's messages
     * @return fails where the handshake does
     */
    public Future<ServerWebSocket> open(
            HttpServerRequest http, boolean binary, Function<StreamSocket, Consumer<byte[]>> messages) {
        MessageDeflate deflate = sockets.compression() ? MessageDeflate.agree(http, maxInflatedBytes) : null;
        return http.toWebSocket().onSuccess(socket -> {
            StreamSocket served = new StreamSocket(
                    socket,
                    http.connection(),
                    vertx.getOrCreateContext(),
                    binary,
                    maxMessageBytes,
                    memory,
                    config.heartbeat(),
                    readers,
                    clientWrite,
                    timers);
            if (deflate != null) {
                deflate.begin(Connections.channel(http.connection()).pipeline(), served::close);
            }
            open.add(served);
            served.listen(messages.apply(served), () -> open.remove(served));
        });
    }

    void closeAll(@Observes @Priority(AFTER_THE_STREAMS) ShutdownDelayInitiatedEvent stopping) {
        open.forEach(socket -> socket.closeSoon(CloseReason.SHUTDOWN));
    }
}
