package dev.sluice.gateway.api;

import dev.sluice.gateway.dialect.Dialect;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.log.StreamLog;
import dev.sluice.gateway.time.Timers;
import dev.sluice.gateway.transport.ClientWriteClock;
import dev.sluice.gateway.transport.FrameReaders;
import dev.sluice.gateway.transport.Reading;
import dev.sluice.gateway.transport.TransportConfig;
import dev.sluice.gateway.transport.http.EventStream;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** Answers a request with a stream of events. */
@Singleton
final class EventStreams {

    private final FrameReaders readers;
    private final ClientWriteClock clientWrite;
    private final Timers timers;
    private final TransportConfig config;

    EventStreams(FrameReaders readers, ClientWriteClock clientWrite, Timers timers, TransportConfig config) {
        this.readers = readers;
        this.clientWrite = clientWrite;
        this.timers = timers;
        this.config = config;
    }

    /** Reads a stream as its format wants it. */
    Uni<RestResponse<?>> read(StreamLog log, long from, Dialect dialect, HttpServerRequest http) {
        return read(Reading.of(log, from, dialect), http);
    }

    /** Answers once the head may be sent: with the stream, or with the error that came before it. */
    Uni<RestResponse<?>> read(Reading reading, HttpServerRequest http) {
        return new EventStream(http, reading, readers, clientWrite, timers, config.heartbeat())
                .head()
                .<RestResponse<?>>map(EventStreams::response)
                .onFailure(GatewayException.class)
                .recoverWithItem(failure -> ErrorResponses.of(failure.error()));
    }

    private static RestResponse<EventStream> response(EventStream stream) {
        ResponseBuilder<EventStream> response = ResponseBuilder.ok(stream)
                .header(HttpHeaders.CONTENT_TYPE, stream.dialect().framing().mediaType())
                .header(HttpHeaders.CACHE_CONTROL, "no-cache, no-transform")
                .header("X-Accel-Buffering", "no")
                .header("X-Stream-Id", stream.id())
                .header("x-request-id", stream.id());
        stream.dialect().headers().forEach(response::header);
        return response.build();
    }
}
