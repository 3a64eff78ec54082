package dev.sluice.gateway.api;

import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.generation.Milestone;
import dev.sluice.gateway.generation.Milestones;
import dev.sluice.gateway.log.StreamLog;
import dev.sluice.gateway.pipeline.GenerationPipeline;
import dev.sluice.gateway.time.Timers;
import dev.sluice.gateway.transport.longpoll.LongPoll;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/** Streams in Sluice's own format: started, read from any offset by any number of readers, aborted. */
@Path("/v1/streams")
@NonBlocking
public final class StreamsResource {

    private final Callers callers;
    private final StreamRequests requests;
    private final GenerationPipeline pipeline;
    private final StreamAccess access;
    private final EventStreams eventStreams;
    private final Timers timers;
    private final Milestones milestones;

    StreamsResource(
            Callers callers,
            StreamRequests requests,
            GenerationPipeline pipeline,
            StreamAccess access,
            EventStreams eventStreams,
            Timers timers,
            Milestones milestones) {
        this.callers = callers;
        this.requests = requests;
        this.pipeline = pipeline;
        this.access = access;
        this.eventStreams = eventStreams;
        this.timers = timers;
        this.milestones = milestones;
    }

    /**
     * Starts a stream, or joins the one that the same request started under the same name. Who takes JSON only is told at once
     * where to read it.
     */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<?>> start(byte[] body, @Context HttpServerRequest http) {
        AnswerForm form = Accepts.form(http.getHeader(HttpHeaders.ACCEPT));
        ReadOptions options = ReadOptions.of(http, form);
        StreamLog log = pipeline.start(requests.decode(body, callers.identify(http), http));
        if (form == AnswerForm.JSON || Accepts.prefersAsync(http)) {
            return Uni.createFrom().item(accepted(log.info().key().id().value()));
        }
        return eventStreams.read(options.reading(log, 0, form), http);
    }

    /** Reads a stream from an offset: the one after {@code Last-Event-ID}, or {@code offset}, or the first. */
    @GET
    @Path("/{id}")
    public Uni<RestResponse<?>> read(
            @PathParam("id") String id,
            @HeaderParam("Last-Event-ID") @Nullable String lastEventId,
            @QueryParam("offset") @Nullable String offset,
            @Context HttpServerRequest http) {
        AnswerForm form = Accepts.form(http.getHeader(HttpHeaders.ACCEPT));
        ReadOptions options = ReadOptions.of(http, form);
        StreamLog log = access.find(id, http);
        long from = Offsets.first(lastEventId, offset, log);
        if (form == AnswerForm.JSON) {
            return poll(log, from, options);
        }
        if (log.ended() && from == log.nextOffset()) {
            // All was read. A browser's EventSource reconnects for ever unless it is told so by this status.
            return Uni.createFrom().item(RestResponse.noContent());
        }
        if (from > 0) {
            milestones.reached(new Milestone.Resumed(log.info(), from));
        }
        return eventStreams.read(options.reading(log, from, form), http);
    }

    /** Ends a stream early. What came so far stays readable. Does nothing when it has ended already. */
    @DELETE
    @Path("/{id}")
    public RestResponse<Void> abort(@PathParam("id") String id, @Context HttpServerRequest http) {
        pipeline.abort(access.find(id, http).info().key());
        return RestResponse.noContent();
    }

    private Uni<RestResponse<?>> poll(StreamLog log, long from, ReadOptions options) {
        String id = log.info().key().id().value();
        return LongPoll.ask(log, from, options.pollWait(), timers)
                .map(page -> ResponseBuilder.ok(page)
                        .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON)
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .header("X-Stream-Id", id)
                        .header("x-request-id", id)
                        .build());
    }

    private static RestResponse<byte[]> accepted(String id) {
        return ResponseBuilder.<byte[]>create(RestResponse.Status.ACCEPTED)
                .entity(new Utf8Buffer(64)
                        .raw("{\"stream_id\":")
                        .string(id)
                        .raw("}")
                        .toBytes())
                .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON)
                .header(HttpHeaders.LOCATION, "/v1/streams/" + id)
                .header("Preference-Applied", "respond-async")
                .header("X-Stream-Id", id)
                .header("x-request-id", id)
                .build();
    }
}
