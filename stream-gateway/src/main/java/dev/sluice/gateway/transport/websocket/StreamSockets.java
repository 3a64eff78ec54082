package dev.sluice.gateway.transport.websocket;

import dev.sluice.gateway.time.Timers;
import dev.sluice.gateway.transport.ClientWriteClock;
import dev.sluice.gateway.transport.FrameReaders;
import dev.sluice.gateway.transport.TransportConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
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
    private final Vertx vertx;
    private final long maxMessageBytes;

    StreamSockets(
            FrameReaders readers,
            ClientWriteClock clientWrite,
            Timers timers,
            TransportConfig config,
            Vertx vertx,
            MeterRegistry meters,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize maxMessage) {
        this.readers = readers;
        this.clientWrite = clientWrite;
        this.timers = timers;
        this.config = config;
        this.vertx = vertx;
        this.maxMessageBytes = maxMessage.asLongValue();
        meters.gaugeCollectionSize("sluice.sockets", Tags.empty(), open);
    }

    /**
     * Serves a socket on the current Vert.x context, which must be its own.
     *
     * @param connection the one that the socket came from
     * @param binary whether messages are sent as binary ones
     * @param messages makes what gets the client's messages
     */
    public void serve(
            ServerWebSocket socket,
            HttpConnection connection,
            boolean binary,
            Function<StreamSocket, Consumer<byte[]>> messages) {
        StreamSocket served = new StreamSocket(
                socket,
                connection,
                vertx.getOrCreateContext(),
                binary,
                maxMessageBytes,
                config.heartbeat(),
                readers,
                clientWrite,
                timers);
        open.add(served);
        served.listen(messages.apply(served), () -> open.remove(served));
    }

    void closeAll(@Observes @Priority(AFTER_THE_STREAMS) ShutdownDelayInitiatedEvent stopping) {
        open.forEach(socket -> socket.closeSoon(CloseReason.SHUTDOWN));
    }
}
