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
import io.vertx.core.http.HttpMethod;
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
        if (http.method().equals(HttpMethod.HEAD)) {
            // There will be no body to read.
            return Uni.createFrom()
                    .item(headers(
                                    ResponseBuilder.ok(),
                                    reading.dialect(),
                                    reading.log().info().key().id().value())
                            .build());
        }
        return new EventStream(http, reading, readers, clientWrite, timers, config.heartbeat())
                .head()
                .<RestResponse<?>>map(EventStreams::response)
                .onFailure(GatewayException.class)
                .recoverWithItem(failure -> ErrorResponses.of(failure.error(), ErrorForm.of(http.path())));
    }

    private static RestResponse<EventStream> response(EventStream stream) {
        return headers(ResponseBuilder.ok(stream), stream.dialect(), stream.id())
                .build();
    }

    private static <T> ResponseBuilder<T> headers(ResponseBuilder<T> response, Dialect dialect, String id) {
        response.header(HttpHeaders.CONTENT_TYPE, dialect.framing().mediaType())
                .header(HttpHeaders.CACHE_CONTROL, "no-cache, no-transform")
                .header("X-Accel-Buffering", "no")
                .header("X-Stream-Id", id)
                .header(dialect.requestIdHeader(), id);
        dialect.headers().forEach(response::header);
        return response;
    }
}
