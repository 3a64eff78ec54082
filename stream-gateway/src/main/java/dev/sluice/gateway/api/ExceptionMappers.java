package dev.sluice.gateway.api;

import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.generation.Milestone;
import dev.sluice.gateway.generation.Milestones;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Every failure of a request, as the error object. Nothing of an internal fault but its being one reaches the caller. */
public final class ExceptionMappers {

    private static final Logger LOG = Logger.getLogger(ExceptionMappers.class);

    private final Milestones milestones;

    ExceptionMappers(Milestones milestones) {
        this.milestones = milestones;
    }

    @ServerExceptionMapper
    public RestResponse<byte[]> refused(GatewayException exception, UriInfo uri) {
        milestones.reached(new Milestone.Rejected(uri.getPath(), null, exception.error()));
        return ErrorResponses.of(exception.error(), ErrorForm.of(uri.getPath()));
    }

    @ServerExceptionMapper
    public RestResponse<byte[]> unfit(WebApplicationException exception, UriInfo uri) {
        int status = exception.getResponse().getStatus();
        return ErrorResponses.of(
                switch (status) {
                    case 404 -> GatewayError.of(ErrorCode.NOT_FOUND, "There is nothing at this path.");
                    case 405 -> GatewayError.of(ErrorCode.METHOD_NOT_ALLOWED, "This path does not take this method.");
                    case 406 -> GatewayError.of(ErrorCode.NOT_ACCEPTABLE, "This path does not answer in that format.");
                    case 413 -> GatewayError.of(ErrorCode.PAYLOAD_TOO_LARGE, "The body is too large.");
                    case 415 ->
                        GatewayError.of(
                                ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                                "The body must be JSON, sent with \"Content-Type: application/json\".");
                    default ->
                        status < 500
                                ? GatewayError.invalid(null, "The request cannot be understood.")
                                : internal(exception);
                },
                ErrorForm.of(uri.getPath()));
    }

    /** Nothing but bodies is read here: this one broke off, or became larger than it may be. */
    @ServerExceptionMapper
    public RestResponse<byte[]> unread(IOException exception, UriInfo uri) {
        return ErrorResponses.of(GatewayError.invalid(null, "The body cannot be read."), ErrorForm.of(uri.getPath()));
    }

    @ServerExceptionMapper
    public RestResponse<byte[]> broken(Throwable fault, UriInfo uri) {
        return ErrorResponses.of(internal(fault), ErrorForm.of(uri.getPath()));
    }

    private static GatewayError internal(Throwable fault) {
        LOG.error("A request failed inside the gateway", fault);
        return GatewayError.of(ErrorCode.INTERNAL, "The gateway failed.");
    }
}
