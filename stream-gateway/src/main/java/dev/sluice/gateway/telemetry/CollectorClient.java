package dev.sluice.gateway.telemetry;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.rest.client.annotation.ClientHeaderParam;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/** The collector's ingest endpoint. */
@RegisterRestClient(configKey = "collector")
@Path("/api/telemetry")
interface CollectorClient {

    /** Sends one batch as gzipped JSON; every status is an answer, not a failure. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @ClientHeaderParam(name = "Content-Encoding", value = "gzip")
    Uni<Response> send(byte[] gzippedJson);
}
