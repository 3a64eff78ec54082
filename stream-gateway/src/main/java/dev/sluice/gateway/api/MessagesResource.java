package dev.sluice.gateway.api;

import dev.sluice.gateway.dialect.anthropic.AnthropicDialect;
import dev.sluice.gateway.dialect.anthropic.MessagesRequest;
import dev.sluice.gateway.dialect.anthropic.TokenEstimate;
import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.routing.Router;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** Anthropic's Messages: its official clients work unmodified, whichever {@code anthropic-version} they send. */
@Path(MessagesResource.PATH)
@Consumes(MediaType.APPLICATION_JSON)
@NonBlocking
public final class MessagesResource {

    static final String PATH = "/v1/messages";

    private final Callers callers;
    private final RequestDecoder decoder;
    private final StreamRequests requests;
    private final Router router;
    private final Answers answers;

    MessagesResource(Callers callers, RequestDecoder decoder, StreamRequests requests, Router router, Answers answers) {
        this.callers = callers;
        this.decoder = decoder;
        this.requests = requests;
        this.router = router;
        this.answers = answers;
    }

    /** Answers with the events of a message, or with one object. */
    @POST
    public Uni<RestResponse<?>> create(byte[] body, @Context HttpServerRequest http) {
        Caller caller = callers.identify(http);
        DecodedRequest request = decoder.translated(MessagesRequest.translate(decoder.object(body)));
        return answers.start(requests.unnamed(request, caller, PATH, http), AnthropicDialect.MESSAGES, http);
    }

    /** Guesses how many tokens a prompt has, without asking a provider. */
    @POST
    @Path("/count_tokens")
    public RestResponse<byte[]> countTokens(byte[] body, @Context HttpServerRequest http) {
        callers.identify(http);
        DecodedRequest request = decoder.translated(MessagesRequest.prompt(decoder.object(body)));
        router.route(request.model(), List.of(), null);
        return ResponseBuilder.ok(TokenEstimate.of(request.chat().body()))
                .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON)
                .header(ErrorForm.ANTHROPIC.requestIdHeader(), ErrorResponses.requestId())
                .build();
    }
}
