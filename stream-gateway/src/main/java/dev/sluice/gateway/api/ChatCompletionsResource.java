package dev.sluice.gateway.api;

import dev.sluice.gateway.dialect.openai.OpenAiDialect;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestResponse;

/** OpenAI's chat completions: its official clients work unmodified. */
@Path("/v1/chat/completions")
public final class ChatCompletionsResource {

    private static final String PATH = "/v1/chat/completions";

    private final Callers callers;
    private final RequestDecoder decoder;
    private final StreamRequests requests;
    private final Answers answers;

    ChatCompletionsResource(Callers callers, RequestDecoder decoder, StreamRequests requests, Answers answers) {
        this.callers = callers;
        this.decoder = decoder;
        this.requests = requests;
        this.answers = answers;
    }

    /** Answers with chunks, the last of which tells the usage where it was asked for, or with one object. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @NonBlocking
    public Uni<RestResponse<?>> complete(byte[] body, @Context HttpServerRequest http) {
        DecodedRequest request = decoder.chatCompletion(body);
        OpenAiDialect dialect = request.includeUsage() ? OpenAiDialect.WITH_USAGE : OpenAiDialect.PLAIN;
        return answers.start(requests.unnamed(request, callers.identify(http), PATH, http), dialect, http);
    }
}
