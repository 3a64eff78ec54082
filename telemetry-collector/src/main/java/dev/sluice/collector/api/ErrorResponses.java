package dev.sluice.collector.api;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/** Turns every failure of an endpoint into the one error body. */
final class ErrorResponses {

    private static final Logger LOG = Logger.getLogger(ErrorResponses.class);

    @ServerExceptionMapper
    Response refused(ApiException refusal) {
        var response = response(refusal.code(), refusal.code().status(), message(refusal), refusal.param());
        var retryAfter = refusal.retryAfter();
        if (retryAfter != null) {
            response.header(HttpHeaders.RETRY_AFTER, Math.max(1, retryAfter.toSeconds()));
        }
        return response.build();
    }

    @ServerExceptionMapper
    Response http(WebApplicationException failure) {
        var status = failure.getResponse().getStatus();
        var code = ErrorCode.ofStatus(status);
        var response =
                response(code, status, failure.getResponse().getStatusInfo().getReasonPhrase(), null);
        var allow = failure.getResponse().getHeaderString(HttpHeaders.ALLOW);
        if (allow != null) {
            response.header(HttpHeaders.ALLOW, allow);
        }
        return response.build();
    }

    @ServerExceptionMapper
    Response bug(Throwable failure) {
        LOG.error("A request failed for a reason that nobody foresaw", failure);
        return response(ErrorCode.INTERNAL, 500, "Internal error", null).build();
    }

    private static String message(ApiException refusal) {
        var message = refusal.getMessage();
        return message == null ? refusal.code().name() : message;
    }

    private static Response.ResponseBuilder response(
            ErrorCode code, int status, String message, @Nullable String param) {
        return Response.status(status).type(MediaType.APPLICATION_JSON_TYPE).entity(ErrorBody.of(code, message, param));
    }
}
