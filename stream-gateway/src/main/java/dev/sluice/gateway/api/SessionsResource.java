package dev.sluice.gateway.api;

import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.pipeline.GenerationPipeline;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/** Streams seen from outside: which there are and how they stand, whatever format they were started in. */
@Path("/v1/streams")
@NonBlocking
public final class SessionsResource {

    private final Callers callers;
    private final StreamAccess access;
    private final SessionPages pages;
    private final GenerationPipeline pipeline;

    SessionsResource(Callers callers, StreamAccess access, SessionPages pages, GenerationPipeline pipeline) {
        this.callers = callers;
        this.access = access;
        this.pages = pages;
        this.pipeline = pipeline;
    }

    /** Lists the caller's streams that run or are still kept, newest first; an admin's list has everybody's. */
    @GET
    public RestResponse<byte[]> list(
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after,
            @QueryParam("state") @Nullable String state,
            @Context HttpServerRequest http) {
        Caller asking = callers.identify(http);
        return json(new SessionJson(callers.isAdmin(asking))
                .page(pages.page(access.owners(asking, http), SessionPages.Query.of(limit, after, state))));
    }

    /** Says how one stream stands. */
    @GET
    @Path("/{id}/status")
    public RestResponse<byte[]> status(@PathParam("id") String id, @Context HttpServerRequest http) {
        return json(new SessionJson(callers.isAdmin(callers.identify(http))).one(access.find(id, http)));
    }

    /** Ends all running streams of the caller, or of those whom an admin names. Answers when they have ended. */
    @DELETE
    public Uni<RestResponse<byte[]>> abortAll(
            @QueryParam("all") @Nullable String all, @Context HttpServerRequest http) {
        return Uni.createFrom()
                .completionStage(pipeline.abortAll(access.toAbort(callers.identify(http), all, http))
                        .toCompletionStage())
                .map(ended -> json(new Utf8Buffer(32)
                        .raw("{\"aborted\":")
                        .number(ended)
                        .raw("}")
                        .toBytes()));
    }

    private static RestResponse<byte[]> json(byte[] body) {
        return ResponseBuilder.ok(body)
                .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }
}
