package dev.sluice.gateway.api;

import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.resilience.Breakers;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/** Breakers as an admin sees them, and the way to close them by hand. */
@Path("/v1/breakers")
@NonBlocking
public final class BreakersResource {

    private static final Logger LOG = Logger.getLogger(BreakersResource.class);

    private final Callers callers;
    private final Breakers breakers;

    BreakersResource(Callers callers, Breakers breakers) {
        this.callers = callers;
        this.breakers = breakers;
    }

    /** Lists all breakers in alphabetical order. */
    @GET
    public RestResponse<byte[]> list(@Context HttpServerRequest http) {
        requireAdmin(http);
        Utf8Buffer out = new Utf8Buffer(1_024).raw("{\"breakers\":[");
        String separator = "";
        for (Breakers.Standing standing : breakers.standings()) {
            out.raw(separator);
            append(standing, out);
            separator = ",";
        }
        return json(out.raw("]}"));
    }

    /** Closes one breaker, or all. */
    @POST
    @Path("/reset")
    public RestResponse<byte[]> reset(
            @QueryParam("target") @Nullable String target,
            @QueryParam("all") @Nullable String all,
            @Context HttpServerRequest http) {
        Caller admin = requireAdmin(http);
        if (all != null && !all.equals("true") && !all.equals("false")) {
            throw GatewayException.invalid("all", "all must be true or false.");
        }
        boolean everyOne = "true".equals(all);
        if (everyOne == (target != null)) {
            throw GatewayException.invalid("target", "Say which breaker is to be closed with ?target=, or ?all=true.");
        }
        if (target != null && !breakers.has(target)) {
            throw GatewayException.invalid(
                    "target", "There is no breaker of this name. GET /v1/breakers lists those that there are.");
        }
        int closed = target == null ? breakers.resetAll() : breakers.reset(target) ? 1 : 0;
        LOG.infof("%s reset the breaker of %s", admin.name(), target == null ? "every target" : target);
        return json(new Utf8Buffer(32).raw("{\"closed\":").number(closed).raw("}"));
    }

    private Caller requireAdmin(HttpServerRequest http) {
        Caller asking = callers.identify(http);
        if (!callers.isAdmin(asking)) {
            throw GatewayException.of(ErrorCode.FORBIDDEN, "Only an admin may see and reset breakers.");
        }
        return asking;
    }

    private static void append(Breakers.Standing standing, Utf8Buffer out) {
        out.raw("{\"target\":").string(standing.name());
        out.raw(",\"state\":").string(standing.state());
        if (standing.failures().isPresent()) {
            out.raw(",\"failures\":").number(standing.failures().getAsInt());
        } else {
            out.raw(",\"retry_in_ms\":").number(standing.blockedFor().toMillis());
        }
        out.raw(",\"openings\":").number(standing.openings()).raw("}");
    }

    private static RestResponse<byte[]> json(Utf8Buffer body) {
        return ResponseBuilder.ok(body.toBytes())
                .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }
}
